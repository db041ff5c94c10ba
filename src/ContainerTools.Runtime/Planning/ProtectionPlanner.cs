using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>Plans masked paths, read-only paths and kernel parameters.</summary>
internal sealed class ProtectionPlanner(RootTree tree, MountPlanner mounts)
{
    private const int StatScratch = 2048;
    private const long NoFollow = 0x100;

    /// <summary>Hides paths: files behind the host's null device, directories behind an empty read-only tmpfs. Missing paths need no hiding.</summary>
    public void Mask(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        OperationList operations = tree.Operations;

        // The host's device, checked, and not the container's /dev/null: an image could have made that a link to what shall be hidden.
        const string source = "mask with /dev/null";
        Operand nullDevice = Operand.Text("/dev/null");
        operations.Add(source, "/dev/null", SystemCall.Statx, RootTree.WorkingDirectory, nullDevice, NoFollow, 0x3, Operand.Scratch(StatScratch));
        operations.Check($"{source}: it is not the null device", "/dev/null", StatScratch + 128, -1, 1 | (3L << 32), Errno.NoDevice);
        foreach (string path in paths)
        {
            string purpose = $"mask {path}";
            int target = operations.NewSlot();
            Operation found = tree.OpenIfPresent(purpose, RootTree.Relative(path), target);

            // One clone and one file system each: kernels before 6.15 do not clone a mount that is not attached.
            int file = mounts.CloneHost(purpose, "/dev/null", recursive: false);

            // A file does not go on a directory: EINVAL, or ENOTDIR on other kernels.
            Operation attached = tree.Attach(purpose, path, file, target, Errno.Invalid, Errno.NotDirectory);
            int directory = mounts.MakeFileSystem(purpose, path, "tmpfs", "tmpfs", ["size=0", "mode=555"], MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExec);
            tree.Attach(purpose, path, directory, target);
            operations.SkipHereOnSuccess(attached);
            operations.SkipHereOnTolerated(found);
        }
    }

    /// <summary>Makes paths read-only by binding them over themselves. Missing paths are passed over.</summary>
    public void MakeReadOnly(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            string purpose = $"make {path} read-only";
            int target = tree.Operations.NewSlot();
            Operation found = tree.OpenIfPresent(purpose, RootTree.Relative(path), target);
            int clone = tree.Clone(purpose, path, target, recursive: true);
            tree.SetAttributes(purpose, path, clone, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.None, recursive: true);
            tree.Attach(purpose, path, clone, target);
            tree.Operations.SkipHereOnTolerated(found);
        }
    }

    /// <summary>Writes kernel parameters, to a real procfs only.</summary>
    public void WriteParameters(IReadOnlyDictionary<string, string> parameters, IReadOnlySet<string> ownNamespaces)
    {
        foreach ((string name, string value) in parameters)
        {
            RefuseHostParameter(name, ownNamespaces);
            string path = $"/proc/sys/{name.Replace('.', '/')}";
            string purpose = $"set kernel parameter {name}";
            int file = tree.Operations.AddWithResult(purpose, path, SystemCall.OpenAt2, Operand.Slot(tree.Root), path[1..], PlanBuffer.OpenHow(PlanBuffer.WriteOnly, PathResolution.InRoot | PathResolution.NoSymlinks), 24);
            tree.RequireProc(purpose, path, file);
            Operand text = Operand.Text(value);
            tree.Operations.Add(purpose, path, SystemCall.Write, Operand.Slot(file), text, text.Data!.Length - 1);
            tree.Operations.Add(purpose, path, SystemCall.Close, Operand.Slot(file));
        }
    }

    private static void RefuseHostParameter(string name, IReadOnlySet<string> ownNamespaces)
    {
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
        {
            throw new FormatException($"Kernel parameter '{name}': write it with single dots, as in net.ipv4.ip_forward.");
        }

        string? needed = name switch
        {
            _ when name.StartsWith("net.", StringComparison.Ordinal) => "network",
            _ when name.StartsWith("fs.mqueue.", StringComparison.Ordinal) => "ipc",
            "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax" or "kernel.shmmni" or "kernel.shm_rmid_forced" => "ipc",
            "kernel.domainname" or "kernel.hostname" => "uts",
            _ => null,
        };
        if (needed is null)
        {
            throw new NotSupportedException($"Kernel parameter '{name}' belongs to the whole host and cannot be set for a container.");
        }

        if (!ownNamespaces.Contains(needed))
        {
            throw new NotSupportedException($"Kernel parameter '{name}' needs a {needed} namespace of the container's own.");
        }
    }
}
