namespace ContainerTools.Linux.Cgroups;

/// <summary>Finds the cgroup hierarchies: where systemd mounts them, else by the mount table.</summary>
internal static class CgroupMounts
{
    private const string Root = "/sys/fs/cgroup";
    private const long V1Magic = 0x27e0eb;
    private const long V2Magic = 0x63677270;
    private static readonly string[] NotControllers = ["rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode"];

    /// <summary>The hierarchies of this process's namespace; the controllers of v2 are left empty.</summary>
    public static IReadOnlyList<CgroupHierarchy> Find() =>
        AtUsualPlaces(CgroupFile.Read("/proc/self/cgroup"), CgroupHost.Served, CgroupFile.FileSystemType)
        ?? [.. Parse(CgroupFile.Read("/proc/self/mountinfo")).Where(IsOnTop)];

    /// <summary>
    /// The hierarchies that a process is in, where they are mounted at the usual places; null when one that is needed is elsewhere, or nowhere. The kernel takes milliseconds to
    /// write the mount table of a host with hundreds of containers.
    /// </summary>
    /// <param name="membership"><c>/proc/self/cgroup</c> (cgroups(7)).</param>
    /// <param name="needed">Controllers that are needed.</param>
    /// <param name="typeOf">Type of the file system that holds a path (statfs(2)).</param>
    public static IReadOnlyList<CgroupHierarchy>? AtUsualPlaces(string membership, IReadOnlyList<string> needed, Func<string, long> typeOf)
    {
        var found = new List<CgroupHierarchy>();
        string[] inV1 = [];
        foreach (var line in membership.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var names = line.Split(':')[1];
            if (names.Length == 0 || names.Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            string[] controllers = names.Split(',');
            inV1 = [.. inV1, .. controllers];
            if (typeOf($"{Root}/{names}") == V1Magic)
            {
                found.Add(new CgroupHierarchy { Version = CgroupVersion.V1, MountPoint = $"{Root}/{names}", Controllers = controllers });
            }
            else if (controllers.Any(needed.Contains))
            {
                return null;
            }
        }

        if (Array.Find([Root, $"{Root}/unified"], place => typeOf(place) == V2Magic) is { } unified)
        {
            found.Add(new CgroupHierarchy { Version = CgroupVersion.V2, MountPoint = unified, Controllers = [] });
        }
        else if (!needed.All(inV1.Contains))
        {
            return null;
        }

        return found;
    }

    /// <summary>The hierarchies of a mount table; the controllers of v2 are left empty. A hierarchy mounted more than once counts once.</summary>
    public static IReadOnlyList<CgroupHierarchy> Parse(string mountInfo)
    {
        var found = new List<CgroupHierarchy>();
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.Contains(" - cgroup", StringComparison.Ordinal))
            {
                continue;
            }

            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-", 6);
            if (separator < 0 || separator + 3 >= fields.Length)
            {
                continue;
            }

            var mountPoint = Unescape(fields[4]);
            if (fields[separator + 1] == "cgroup2" && !found.Exists(item => item.Version == CgroupVersion.V2))
            {
                found.Add(new CgroupHierarchy { Version = CgroupVersion.V2, MountPoint = mountPoint, Controllers = [] });
            }
            else if (fields[separator + 1] == "cgroup")
            {
                string[] controllers = [.. fields[separator + 3].Split(',').Where(option => !option.Contains('=', StringComparison.Ordinal) && !NotControllers.Contains(option))];
                if (controllers.Length > 0 && !found.Exists(item => item.Version == CgroupVersion.V1 && item.Controllers.Contains(controllers[0])))
                {
                    found.Add(new CgroupHierarchy { Version = CgroupVersion.V1, MountPoint = mountPoint, Controllers = controllers });
                }
            }
        }

        return found;
    }

    // A mount may be covered by another one.
    private static bool IsOnTop(CgroupHierarchy hierarchy) => CgroupFile.FileSystemType(hierarchy.MountPoint) == (hierarchy.Version == CgroupVersion.V1 ? V1Magic : V2Magic);

    // Space, tab, newline and backslash are written as \ooo.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        return field.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
    }
}
