using ContainerTools.Linux.Devices;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>Which devices a container may use and, when privileged, which it sees.</summary>
internal static class HostDevices
{
    /// <summary>Docker's default device rules: nothing, but mknod of anything, and the use of the harmless ones.</summary>
    public static readonly IReadOnlyList<DeviceRule> DefaultRules =
    [
        new() { Allow = false, Access = "rwm" },
        new() { Allow = true, Type = "c", Access = "m" },
        new() { Allow = true, Type = "b", Access = "m" },
        Character(1, 3), // null
        Character(1, 5), // zero
        Character(1, 7), // full
        Character(1, 8), // random
        Character(1, 9), // urandom
        Character(5, 0), // tty
        Character(5, 1), // console
        Character(5, 2), // ptmx
        Character(136, null), // pts
    ];

    /// <summary>All device nodes directly in this host's <c>/dev</c>, for privileged containers.</summary>
    public static IReadOnlyList<DeviceNode> All()
    {
        var nodes = new List<DeviceNode>();
        foreach (var path in Directory.EnumerateFiles("/dev"))
        {
            if (DeviceFile.TryRead(path) is { } device)
            {
                nodes.Add(new DeviceNode
                {
                    Type = device.IsBlock ? "b" : "c",
                    Path = path,
                    Major = device.Major,
                    Minor = device.Minor,
                    FileMode = device.Permissions,
                    Uid = device.Uid,
                    Gid = device.Gid,
                });
            }
        }

        return nodes;
    }

    private static DeviceRule Character(long major, long? minor) => new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };
}
