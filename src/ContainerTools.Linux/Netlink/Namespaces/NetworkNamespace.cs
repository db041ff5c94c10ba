using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Netlink;

/// <summary>
/// A network namespace held open by a descriptor (network_namespaces(7)). It lives as long as a descriptor, a process, a thread or a pin holds it; its links
/// go with it.
/// </summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const string OfThisThread = "/proc/thread-self/ns/net";
    private const int GetNamespaceType = 0xB703; // NS_GET_NSTYPE, linux/nsfs.h, Linux 4.11
    private const int NonBlocking = 0x800;
    private const ulong BindMount = 4096;
    private readonly SafeFileHandle _handle;
    private readonly string _name;

    private NetworkNamespace(SafeFileHandle handle, string name) => (_handle, _name) = (handle, name);

    internal int DescriptorNumber => (int)_handle.DangerousGetHandle();

    /// <summary>Makes a new namespace: nothing in it but a loopback that is down. Throws <see cref="LinuxException"/>.</summary>
    public static NetworkNamespace Create() => Create(() => true).Namespace;

    /// <summary>
    /// Makes a new namespace and runs code in it, on the one thread that both need; what <see cref="Run{T}"/> says of such code holds here too. Throws
    /// <see cref="LinuxException"/>, and what the code throws; then there is no namespace.
    /// </summary>
    public static (NetworkNamespace Namespace, T Result) Create<T>(Func<T> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        return OnThreadOfItsOwn(() =>
        {
            KernelCall.Require(SystemCall.Unshare, "network namespace", (long)CloneFlags.NewNetwork);
            var result = inside();
            return (new NetworkNamespace(Descriptor.Open(OfThisThread, 0), "a new network namespace"), result);
        });
    }

    /// <summary>The calling thread's own namespace. Throws <see cref="LinuxException"/>.</summary>
    public static NetworkNamespace OpenCurrent() => new(Descriptor.Open(OfThisThread, 0), "the current network namespace");

    /// <summary>Opens the namespace of a pin, or of a process (<c>/proc/PID/ns/net</c>).</summary>
    /// <exception cref="LinuxException">There is no such file, or it is no network namespace (EINVAL).</exception>
    public static NetworkNamespace Open(string path)
    {
        SafeFileHandle handle = Descriptor.Open(path, NonBlocking); // whatever the file is, opening it must not wait
        if (KernelCall.Invoke(SystemCall.Ioctl, handle.DangerousGetHandle(), GetNamespaceType) != (long)CloneFlags.NewNetwork)
        {
            handle.Dispose();
            throw new LinuxException(LinuxError.InvalidArgument, "open", path, "the file is no network namespace");
        }

        return new NetworkNamespace(handle, path);
    }

    /// <summary>Takes a pin away: its mount and its file. Nothing happens when there is none. Throws <see cref="LinuxException"/> or <see cref="IOException"/>.</summary>
    public static void Unpin(string path)
    {
        Unmount.Detach(path);
        File.Delete(path);
    }

    /// <summary>
    /// Makes a file, in a directory that exists, and mounts the namespace on it, so that it lives on without a descriptor or a process. Throws
    /// <see cref="LinuxException"/>, and <see cref="IOException"/> when the file exists.
    /// </summary>
    public void Pin(string path)
    {
        using (File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
        }

        if (Mount($"/proc/self/fd/{DescriptorNumber}", path, 0, BindMount, 0) != 0)
        {
            var error = LinuxException.FromLastError("mount", path);
            File.Delete(path);
            throw error;
        }
    }

    /// <summary>
    /// Runs code in the namespace, on a thread of its own that ends with it, and waits. The code must neither start threads nor wait for tasks nor call
    /// asynchronous methods: threads are born in the namespace of the thread that makes them, and those of the pool would stay there.
    /// </summary>
    /// <exception cref="LinuxException">The namespace cannot be entered. What the code throws comes through unchanged.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Hold();
        try
        {
            return OnThreadOfItsOwn(() =>
            {
                KernelCall.Require(SystemCall.Setns, _name, DescriptorNumber, (long)CloneFlags.NewNetwork);
                return work();
            });
        }
        finally
        {
            Release();
        }
    }

    /// <summary>As <see cref="Run{T}"/>, for code without a result.</summary>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Run(() =>
        {
            work();
            return true;
        });
    }

    /// <summary>Writes settings of the namespace, in order. Throws <see cref="LinuxException"/>; ENOENT when the kernel or the namespace has no such setting.</summary>
    public void Apply(params NetworkSysctl[] settings) => Run(() => Array.ForEach(settings, setting => setting.Write()));

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The path it was opened by, or a description.</summary>
    public override string ToString() => _name;

    /// <summary>Keeps the descriptor open until <see cref="Release"/>. Throws <see cref="ObjectDisposedException"/>.</summary>
    internal void Hold()
    {
        bool held = false;
        _handle.DangerousAddRef(ref held);
    }

    internal void Release() => _handle.DangerousRelease();

    // A thread that changes its namespace is never given back to anybody: it ends.
    private static T OnThreadOfItsOwn<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, nint type, ulong flags, nint data);
}
