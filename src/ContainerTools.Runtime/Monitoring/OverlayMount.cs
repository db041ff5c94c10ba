using System.Globalization;
using System.Runtime.InteropServices;
using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Mounts and unmounts a container's overlay.</summary>
internal static unsafe partial class OverlayMount
{
    private const nint FsOpen = 430;
    private const nint FsConfig = 431;
    private const nint FsMount = 432;
    private const nint MoveMount = 429;
    private const uint SetFlag = 0;
    private const uint SetString = 1;
    private const uint CreateSuperblock = 6;
    private const uint EmptySourcePath = 4;
    private const nint CurrentDirectory = -100;
    private const nint FsOpenCloseOnExec = 1;
    private const nint FsMountCloseOnExec = 1;
    private const int DetachMount = 2;

    // fsconfig(2) takes strings of up to 255 bytes.
    private const int LongestParameter = 255;

    // The upper directory is read by the engine when it commits: it must hold whole files in plain form, whatever the distribution's defaults are.
    private static readonly (string Key, string Value)[] PlainForm = [("redirect_dir", "off"), ("metacopy", "off"), ("index", "off")];

    /// <summary>Mounts the overlay; left-overs mounted at the target are taken off first.</summary>
    public static void Mount(OverlaySpec spec)
    {
        Unmount(spec.Target);
        Directory.CreateDirectory(spec.Target);
        Directory.CreateDirectory(spec.Upper);
        Directory.CreateDirectory(spec.Work);
        if (spec.Lower.Count == 0)
        {
            throw new ArgumentException("An overlay needs at least one lower directory.", nameof(spec));
        }

        if (!TryMountByParameters(spec))
        {
            MountByDescriptors(spec);
        }
    }

    /// <summary>Unmounts whatever is mounted at a path, lazily when it is in use; nothing happens when nothing is.</summary>
    public static void Unmount(string target)
    {
        while (true)
        {
            var errno = Native.Unmount(target, 0);
            if (errno == Native.EBUSY)
            {
                errno = Native.Unmount(target, DetachMount);
            }

            switch (errno)
            {
                case 0:
                    continue;
                case Native.EINVAL or Native.ENOENT:
                    return;
                default:
                    throw new LinuxException(errno, "umount", target);
            }
        }
    }

    /// <summary>One parameter a layer (Linux 6.8): any number of layers, any characters in paths. False when this kernel knows only the one long parameter.</summary>
    private static bool TryMountByParameters(OverlaySpec spec)
    {
        var context = Open();
        if (context < 0)
        {
            return Native.LastError == Native.ENOSYS ? false : throw new LinuxException(Native.LastError, "fsopen", "overlay");
        }

        List<int> opened = [];
        try
        {
            // Before Linux 6.5 parameters of an overlay are collected unread, also this one, which lacks its value; the mount would fail in the end.
            if (Configure(context, SetFlag, "lowerdir+", null) == 0)
            {
                return false;
            }

            foreach (var lower in spec.Lower)
            {
                var errno = Configure(context, "lowerdir+", Parameter(lower, opened));
                if (errno == Native.EINVAL && ReferenceEquals(lower, spec.Lower[0]))
                {
                    return false;
                }

                Check(errno, "fsconfig(lowerdir+)", lower);
            }

            Check(Configure(context, "upperdir", Parameter(spec.Upper, opened)), "fsconfig(upperdir)", spec.Upper);
            Check(Configure(context, "workdir", Parameter(spec.Work, opened)), "fsconfig(workdir)", spec.Work);
            foreach (var (key, value) in PlainForm)
            {
                Check(Configure(context, key, value), $"fsconfig({key})", value);
            }

            if (syscall(FsConfig, context, (nint)CreateSuperblock, 0, 0, 0) < 0)
            {
                throw new LinuxException(Native.LastError, "fsconfig(create overlay)", spec.Target);
            }

            Attach(context, spec.Target);
            return true;
        }
        finally
        {
            Native.Close(context);
            opened.ForEach(Native.Close);
        }
    }

    /// <summary>mount(2) takes one page of options: the layers go in as descriptor numbers, looked up in /proc/self/fd.</summary>
    private static void MountByDescriptors(OverlaySpec spec)
    {
        List<int> opened = [];
        try
        {
            string Name(string path)
            {
                opened.Add(Native.OpenOrThrow(path, Native.PathOnly));
                return opened[^1].ToString(CultureInfo.InvariantCulture);
            }

            var options = $"lowerdir={string.Join(':', spec.Lower.Select(Name))},upperdir={Name(spec.Upper)},workdir={Name(spec.Work)}";
            options += string.Concat(PlainForm.Select(item => $",{item.Key}={item.Value}"));
            Check(Native.ChangeDirectory("/proc/self/fd"), "chdir", "/proc/self/fd");
            Check(Native.Mount("overlay", spec.Target, "overlay", 0, options), "mount(overlay)", spec.Target);
        }
        finally
        {
            _ = Native.ChangeDirectory("/");
            opened.ForEach(Native.Close);
        }
    }

    private static string Parameter(string path, List<int> opened)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= LongestParameter)
        {
            return path;
        }

        opened.Add(Native.OpenOrThrow(path, Native.PathOnly));
        return string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{opened[^1]}");
    }

    private static int Open()
    {
        fixed (byte* type = "overlay\0"u8)
        {
            return (int)syscall(FsOpen, (nint)type, FsOpenCloseOnExec, 0, 0, 0);
        }
    }

    private static int Configure(int context, string key, string value) => Configure(context, SetString, key, value);

    private static int Configure(int context, uint command, string key, string? value)
    {
        fixed (byte* name = Native.Bytes(key))
        fixed (byte* text = value is null ? null : Native.Bytes(value))
        {
            return syscall(FsConfig, context, (nint)command, (nint)name, (nint)text, 0) < 0 ? Native.LastError : 0;
        }
    }

    private static void Attach(int context, string target)
    {
        var mount = (int)syscall(FsMount, context, FsMountCloseOnExec, 0, 0, 0);
        if (mount < 0)
        {
            throw new LinuxException(Native.LastError, "fsmount", target);
        }

        fixed (byte* path = Native.Bytes(target))
        fixed (byte* empty = "\0"u8)
        {
            var result = syscall(MoveMount, mount, (nint)empty, CurrentDirectory, (nint)path, (nint)EmptySourcePath);
            var errno = Native.LastError;
            Native.Close(mount);
            Check(result < 0 ? errno : 0, "move_mount", target);
        }
    }

    private static void Check(int errno, string call, string path)
    {
        if (errno != 0)
        {
            throw new LinuxException(errno, call, path);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
