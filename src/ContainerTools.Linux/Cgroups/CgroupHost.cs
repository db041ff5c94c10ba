namespace ContainerTools.Linux.Cgroups;

/// <summary>The cgroup hierarchies of this machine, v1, v2 or both, and the way to make cgroups in them.</summary>
public sealed class CgroupHost
{
    private const int ENOENT = 2;
    private const int EBUSY = 16;
    private const int ENODEV = 19;
    private const int EOPNOTSUPP = 95;
    private const int Attempts = 20;

    private CgroupHost(IReadOnlyList<CgroupHierarchy> hierarchies) => Hierarchies = hierarchies;

    /// <summary>Controllers that containers are given, in the order their values are written.</summary>
    public static IReadOnlyList<string> Served { get; } = ["cpuset", "cpu", "cpuacct", "memory", "pids", "devices", "freezer"];

    /// <summary>The hierarchies found.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>Finds the hierarchies that are mounted; directories that merely look like controllers do not count.</summary>
    public static CgroupHost Detect() => new(
    [
        .. CgroupMounts.Find().Select(hierarchy => hierarchy.Version == CgroupVersion.V1
            ? hierarchy
            : hierarchy with { Controllers = CgroupFile.Read($"{hierarchy.MountPoint}/cgroup.controllers").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) }),
    ]);

    /// <summary>True when a controller can limit containers here; devices and freezer are part of v2 itself.</summary>
    public bool Serves(string controller) => HierarchyOf(controller) is not null;

    /// <summary>Makes a cgroup and writes its limits. A left-over of the same name without processes is replaced.</summary>
    /// <param name="path">Path below the root of each hierarchy, such as <c>/containertools/ID</c>.</param>
    /// <param name="resources">The limits.</param>
    /// <exception cref="ArgumentException">The path is not a plain path, or the limits contradict one another.</exception>
    /// <exception cref="NotSupportedException">A limit was asked for whose controller is missing.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ICgroup Create(string path, CgroupResources resources)
    {
        var names = Split(path);
        var plan = Served.ToDictionary(controller => controller, controller => CgroupPlanner.Plan(resources, controller, HierarchyOf(controller)?.Version ?? CgroupVersion.V1));
        foreach (var (controller, writes) in plan)
        {
            if (writes.Count > 0 && !Serves(controller))
            {
                throw new NotSupportedException($"The limit {writes[0].File} needs the cgroup controller '{controller}', which is not mounted on this machine.");
            }
        }

        if (resources.Devices.Count > 0 && !Serves("devices"))
        {
            throw new NotSupportedException("Device rules need the cgroup controller 'devices' or a cgroup v2 hierarchy; neither is mounted on this machine.");
        }

        var directories = Chosen(plan).Select(hierarchy => new CgroupDirectory(hierarchy, $"{hierarchy.MountPoint.TrimEnd('/')}/{string.Join('/', names)}")).ToArray();
        var cgroup = new Cgroup(directories);
        try
        {
            foreach (var directory in directories)
            {
                MakeDirectory(directory, names, plan);
            }

            cgroup.Write(plan.Values.SelectMany(writes => writes));
            if (resources.Devices.Count > 0 && HierarchyOf("devices") is { Version: CgroupVersion.V2 })
            {
                DeviceFilterLoader.Attach(cgroup.UnifiedDirectory!, DeviceFilter.Assemble(resources.Devices));
            }
        }
        catch
        {
            if (cgroup.Processes().Count == 0)
            {
                cgroup.Delete();
            }

            throw;
        }

        return cgroup;
    }

    /// <summary>Finds a cgroup again by the directories it had.</summary>
    public ICgroup Open(IReadOnlyList<string> paths)
    {
        var directories = new List<CgroupDirectory>(paths.Count);
        foreach (var path in paths)
        {
            var hierarchy = Hierarchies.Where(item => path.StartsWith(item.MountPoint.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(item => item.MountPoint.Length)
                ?? throw new ArgumentException($"'{path}' lies in no cgroup hierarchy of this machine.", nameof(paths));
            directories.Add(new CgroupDirectory(hierarchy, path));
        }

        return new Cgroup(directories);
    }

    private static string[] Split(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || names.Any(name => name is "." or ".."))
        {
            throw new ArgumentException($"'{path}' is no path of a cgroup: it must name at least one directory, and neither '.' nor '..'.", nameof(path));
        }

        return names;
    }

    private CgroupHierarchy? HierarchyOf(string controller) =>
        Hierarchies.FirstOrDefault(hierarchy => hierarchy.Controllers.Contains(controller))
        ?? (controller is "devices" or "freezer" or "cpuacct" ? Hierarchies.FirstOrDefault(hierarchy => hierarchy.Version == CgroupVersion.V2) : null);

    private IEnumerable<CgroupHierarchy> Chosen(Dictionary<string, IReadOnlyList<CgroupWrite>> plan) =>
        Served
            .Where(controller => controller != "cpuset" || plan["cpuset"].Count > 0)
            .Select(HierarchyOf)
            .OfType<CgroupHierarchy>()
            .Distinct();

    private static void MakeDirectory(CgroupDirectory directory, string[] names, Dictionary<string, IReadOnlyList<CgroupWrite>> plan)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var current = directory.Hierarchy.MountPoint.TrimEnd('/');
                for (var index = 0; index < names.Length; index++)
                {
                    if (directory.Hierarchy.Version == CgroupVersion.V2)
                    {
                        EnableControllers(current, plan);
                    }

                    var parent = current;
                    current = $"{current}/{names[index]}";
                    var made = CgroupFile.MakeDirectory(current);
                    if (!made && index == names.Length - 1)
                    {
                        Replace(current);
                    }

                    if (directory.Hierarchy is { Version: CgroupVersion.V1 } hierarchy && hierarchy.Controllers.Contains("cpuset"))
                    {
                        Inherit(parent, current, "cpuset.cpus");
                        Inherit(parent, current, "cpuset.mems");
                    }
                }

                return;
            }
            catch (LinuxException error) when (error.Errno is ENOENT or ENODEV && attempt < Attempts)
            {
                // Another container's end removed our common parent in between.
            }
        }
    }

    private static void Replace(string path)
    {
        var errno = CgroupFile.RemoveDirectory(path);
        if (errno == EBUSY)
        {
            throw new LinuxException(errno, "rmdir", $"{path} (the cgroup exists and is in use)");
        }

        CgroupFile.MakeDirectory(path);
    }

    private static void EnableControllers(string parent, Dictionary<string, IReadOnlyList<CgroupWrite>> plan)
    {
        var available = CgroupFile.Read($"{parent}/cgroup.controllers").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var enabled = CgroupFile.Read($"{parent}/cgroup.subtree_control").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var missing = plan.Keys.Where(controller => available.Contains(controller) && !enabled.Contains(controller) && (controller != "cpuset" || plan[controller].Count > 0)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        var file = $"{parent}/cgroup.subtree_control";
        var errno = CgroupFile.TryWrite(file, string.Join(' ', missing.Select(controller => "+" + controller)), out var syscall);
        if (errno is EBUSY or EOPNOTSUPP)
        {
            throw new LinuxException(errno, syscall, $"{file} (the cgroup holds processes; controllers can be given to children only of a cgroup without)");
        }

        if (errno != 0)
        {
            throw new LinuxException(errno, syscall, file);
        }
    }

    // A v1 cpuset starts empty, and no process can enter it so.
    private static void Inherit(string parent, string child, string file)
    {
        if (CgroupFile.Read($"{child}/{file}").AsSpan().Trim().IsEmpty)
        {
            CgroupFile.Write($"{child}/{file}", CgroupFile.Read($"{parent}/{file}").Trim());
        }
    }
}
