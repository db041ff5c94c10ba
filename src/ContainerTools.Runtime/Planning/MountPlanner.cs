using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Plans the mounts of a config.json.</summary>
internal sealed class MountPlanner(RootTree tree, StartFacts facts, bool ownUserNamespace, bool ownCgroupNamespace, Func<uint, bool> isMappedGroup)
{
    private const long SetFlag = 0;
    private const long SetString = 1;
    private const long CreateFileSystem = 6;

    /// <summary>Files of procfs that lxcfs and the like may cover.</summary>
    private static readonly HashSet<string> CoverableProcFiles = new(StringComparer.Ordinal)
    {
        "proc/cpuinfo", "proc/diskstats", "proc/meminfo", "proc/stat", "proc/swaps", "proc/uptime", "proc/loadavg", "proc/slabinfo", "proc/net/dev",
        "proc/sys/kernel/ns_last_pid", "proc/sys/crypto/fips_enabled",
    };

    private readonly List<ParentTree> _parentTrees = [];

    /// <summary>Trees the parent must open.</summary>
    public IReadOnlyList<ParentTree> ParentTrees => _parentTrees;

    /// <summary>Clones a host path to a slot: by the child, or by the parent when the child will be in a user namespace of its own.</summary>
    public int CloneHost(string purpose, string source, bool recursive)
    {
        if (!ownUserNamespace)
        {
            return tree.CloneHost(purpose, source, recursive);
        }

        int slot = tree.Operations.NewSlot();
        _parentTrees.Add(new ParentTree(slot, source, recursive));
        return slot;
    }

    /// <summary>Adds one mount.</summary>
    public void Add(RuntimeMount mount)
    {
        string relative = RootTree.Relative(mount.Destination);
        if (relative.Length == 0)
        {
            throw new FormatException("A mount cannot cover the container's root directory '/'. Set root.path instead.");
        }

        if (mount.UidMappings.Count > 0 || mount.GidMappings.Count > 0)
        {
            throw new NotSupportedException($"Mount {mount.Destination}: id-mapped mounts are not supported. Leave out uidMappings and gidMappings.");
        }

        MountOptions options = MountOptions.Parse(mount.Options);
        if (mount.Type == "cgroup" || mount.Type == "cgroup2")
        {
            AddCgroup(mount, relative, options);
        }
        else if (options.Bind || mount.Type is "bind" or "rbind")
        {
            AddBind(mount, relative, options);
        }
        else
        {
            AddFileSystem(mount, relative, options);
        }
    }

    private void AddBind(RuntimeMount mount, string relative, MountOptions options)
    {
        if (options.Data.Count > 0)
        {
            throw new NotSupportedException($"Mount {mount.Destination}: option '{options.Data[0]}' is not known for bind mounts.");
        }

        string source = Path.GetFullPath(mount.Source ?? throw new FormatException($"Mount {mount.Destination}: a bind mount needs a source."), facts.Bundle);
        RefuseCoveringProc(relative, mount);
        bool directory = facts.IsDirectory(source) ?? throw new FileNotFoundException($"Mount {mount.Destination}: the source {source} does not exist.", source);
        string purpose = $"bind {source} to {mount.Destination}";
        int clone = CloneHost(purpose, source, options.RecursiveBind || mount.Type == "rbind");
        int target = tree.OpenOrMake(purpose, relative, directory);
        if (!CoverableProcFiles.Contains(relative))
        {
            tree.RefuseProc(purpose, mount.Destination, target);
        }

        SetAttributes(purpose, mount.Destination, clone, options);
        tree.Attach(purpose, mount.Destination, clone, target);
        SetPropagation(purpose, mount.Destination, clone, options);
    }

    private void AddFileSystem(RuntimeMount mount, string relative, MountOptions options)
    {
        string type = mount.Type is { Length: > 0 } given ? given : throw new FormatException($"Mount {mount.Destination}: it needs a type, or the option bind.");
        string purpose = $"mount {type} on {mount.Destination}";
        if (type != "proc")
        {
            RefuseCoveringProc(relative, mount);
        }

        // A link in the image must not choose where /proc and /sys are: everything that protects them later relies on their place.
        PathResolution resolution = type is "proc" or "sysfs" ? PathResolution.NoSymlinks : PathResolution.None;
        int target = tree.OpenOrMake(purpose, relative, directory: true, resolution);
        if (type != "proc")
        {
            tree.RefuseProc(purpose, mount.Destination, target);
        }

        int made = MakeFileSystem(purpose, mount.Destination, type, mount.Source, FileSystemData(type, options), options.Set);
        tree.Attach(purpose, mount.Destination, made, target);
        SetPropagation(purpose, mount.Destination, made, options);
    }

    /// <summary>Makes a detached mount of a new file system.</summary>
    public int MakeFileSystem(string purpose, string path, string type, string? source, IReadOnlyList<string> data, MountAttributes attributes)
    {
        OperationList operations = tree.Operations;
        int context = operations.AddWithResult(purpose, path, SystemCall.Fsopen, type, 1);
        if (source is { Length: > 0 })
        {
            operations.Add(purpose, path, SystemCall.Fsconfig, Operand.Slot(context), SetString, "source", source, 0);
        }

        foreach (string option in data)
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                operations.Add($"{purpose}, option {option}", path, SystemCall.Fsconfig, Operand.Slot(context), SetFlag, option, 0, 0);
            }
            else
            {
                operations.Add($"{purpose}, option {option}", path, SystemCall.Fsconfig, Operand.Slot(context), SetString, option[..equals], option[(equals + 1)..], 0);
            }
        }

        operations.Add(purpose, path, SystemCall.Fsconfig, Operand.Slot(context), CreateFileSystem, 0, 0, 0);
        int mounted = operations.AddWithResult(purpose, path, SystemCall.Fsmount, Operand.Slot(context), 1, (long)attributes);
        operations.Add(purpose, path, SystemCall.Close, Operand.Slot(context));
        return mounted;
    }

    private void AddCgroup(RuntimeMount mount, string relative, MountOptions options)
    {
        string purpose = $"mount cgroups on {mount.Destination}";
        if (facts.Cgroups.Count == 0)
        {
            throw new NotSupportedException($"Mount {mount.Destination}: the container has no cgroup to show there.");
        }

        // Without a cgroup namespace the container sees the host's hierarchy by its own directory only, and never writable.
        MountAttributes attributes = options.Set | (ownCgroupNamespace ? 0 : MountAttributes.ReadOnly);
        int target = tree.OpenOrMake(purpose, relative, directory: true, PathResolution.NoSymlinks);
        if (facts.Cgroups.All(cgroup => cgroup.IsUnified))
        {
            int unified = CloneHost(purpose, facts.Cgroups[0].Path, recursive: false);
            tree.SetAttributes(purpose, mount.Destination, unified, attributes, MountAttributes.None, MountPropagation.None, recursive: false);
            tree.Attach(purpose, mount.Destination, unified, target);
            return;
        }

        int covering = MakeFileSystem(purpose, mount.Destination, "tmpfs", "tmpfs", ["mode=755"], attributes & ~MountAttributes.ReadOnly);
        tree.Attach(purpose, mount.Destination, covering, target);
        foreach (CgroupMembership cgroup in facts.Cgroups)
        {
            string name = cgroup.IsUnified ? "unified" : cgroup.Name;
            string path = $"{mount.Destination}/{name}";
            tree.Operations.Add(purpose, path, SystemCall.MkdirAt, Operand.Slot(covering), name, 0x1ED);
            int place = tree.Operations.AddWithResult(purpose, path, SystemCall.OpenAt2, Operand.Slot(covering), name, PlanBuffer.OpenHow(PlanBuffer.PathOnly, PathResolution.NoSymlinks), 24);
            int clone = CloneHost(purpose, cgroup.Path, recursive: false);
            tree.SetAttributes(purpose, path, clone, attributes, MountAttributes.None, MountPropagation.None, recursive: false);
            tree.Attach(purpose, path, clone, place);
            foreach (string single in name.Contains(',', StringComparison.Ordinal) ? name.Split(',') : [])
            {
                tree.Operations.Add(purpose, $"{mount.Destination}/{single}", SystemCall.SymlinkAt, name, Operand.Slot(covering), single);
            }
        }

        if ((attributes & MountAttributes.ReadOnly) != 0)
        {
            tree.SetAttributes(purpose, mount.Destination, covering, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.None, recursive: false);
        }
    }

    private IReadOnlyList<string> FileSystemData(string type, MountOptions options) =>
        type == "devpts" ? [.. options.Data.Where(option => !IsUnmappedGroup(option))] : options.Data;

    private bool IsUnmappedGroup(string option) =>
        option.StartsWith("gid=", StringComparison.Ordinal) && uint.TryParse(option.AsSpan(4), out uint group) && !isMappedGroup(group);

    private static void RefuseCoveringProc(string relative, RuntimeMount mount)
    {
        if (relative == "proc" || (relative.StartsWith("proc/", StringComparison.Ordinal) && !CoverableProcFiles.Contains(relative)))
        {
            throw new NotSupportedException($"Mount {mount.Destination}: only procfs may be mounted on /proc, and nothing below it except files such as /proc/meminfo.");
        }
    }

    private void SetAttributes(string purpose, string path, int mount, MountOptions options)
    {
        if ((options.RecursiveSet | options.RecursiveClear) != 0)
        {
            tree.SetAttributes(purpose, path, mount, options.RecursiveSet, options.RecursiveClear & ~(ownUserNamespace ? ~MountAttributes.AccessTimeMask : 0), MountPropagation.None, recursive: true);
        }

        // Clearing a flag of the source is what its owner decided against: only access times may be cleared, and they must be when another is set.
        if ((options.Set | (options.Clear & MountAttributes.AccessTimeMask)) != 0)
        {
            tree.SetAttributes(purpose, path, mount, options.Set, options.Clear & MountAttributes.AccessTimeMask, MountPropagation.None, recursive: false);
        }
    }

    private void SetPropagation(string purpose, string path, int mount, MountOptions options)
    {
        foreach ((MountPropagation kind, bool recursive) in options.Propagation)
        {
            tree.SetAttributes($"{purpose}, propagation {kind}", path, mount, MountAttributes.None, MountAttributes.None, kind, recursive);
        }
    }
}
