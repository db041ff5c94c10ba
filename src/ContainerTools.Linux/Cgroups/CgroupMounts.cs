namespace ContainerTools.Linux.Cgroups;

/// <summary>Reads the cgroup hierarchies out of <c>/proc/self/mountinfo</c>.</summary>
internal static class CgroupMounts
{
    private static readonly string[] NotControllers = ["rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode"];

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
