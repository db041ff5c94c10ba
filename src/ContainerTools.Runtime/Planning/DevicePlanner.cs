using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Plans device files and the links of <c>/dev</c>.</summary>
internal sealed class DevicePlanner(RootTree tree, MountPlanner mounts, bool bindFromHost)
{
    private const int StatScratch = 1024;
    private const int StatModeOffset = StatScratch + 24;
    private const int StatDeviceOffset = StatScratch + 128;
    private const long NoFollow = 0x100;

    private static readonly DeviceNode[] Defaults =
    [
        new() { Type = "c", Path = "/dev/null", Major = 1, Minor = 3 },
        new() { Type = "c", Path = "/dev/zero", Major = 1, Minor = 5 },
        new() { Type = "c", Path = "/dev/full", Major = 1, Minor = 7 },
        new() { Type = "c", Path = "/dev/random", Major = 1, Minor = 8 },
        new() { Type = "c", Path = "/dev/urandom", Major = 1, Minor = 9 },
        new() { Type = "c", Path = "/dev/tty", Major = 5, Minor = 0 },
    ];

    private static readonly (string Target, string Name)[] Links =
    [
        ("/proc/self/fd", "fd"), ("/proc/self/fd/0", "stdin"), ("/proc/self/fd/1", "stdout"), ("/proc/self/fd/2", "stderr"),
    ];

    /// <summary>Adds the default devices and links, and those of the configuration.</summary>
    public void Add(IReadOnlyList<DeviceNode> configured, bool hasPts)
    {
        OperationList operations = tree.Operations;
        int directory = tree.OpenOrMake("make /dev", "dev", directory: true);
        HashSet<string> replaced = [.. configured.Select(device => RootTree.Relative(device.Path))];
        foreach (DeviceNode device in Defaults)
        {
            if (!replaced.Contains(device.Path[1..]))
            {
                AddNode(device, directory, device.Path[5..]);
            }
        }

        foreach (DeviceNode device in configured)
        {
            string relative = RootTree.Relative(device.Path);
            int slash = relative.LastIndexOf('/');
            if (relative.Length == 0)
            {
                throw new FormatException($"Device '{device.Path}': not a path for a device.");
            }

            int parent = slash < 0 ? tree.Root
                : relative[..slash] == "dev" ? directory
                : tree.OpenOrMake($"make directory of device {device.Path}", relative[..slash], directory: true);
            AddNode(device, parent, relative[(slash + 1)..]);
        }

        foreach ((string target, string name) in Links)
        {
            operations.AddTolerant($"link /dev/{name}", $"/dev/{name}", [Errno.Exists], SystemCall.SymlinkAt, target, Operand.Slot(directory), name);
        }

        if (hasPts)
        {
            operations.AddTolerant("replace /dev/ptmx", "/dev/ptmx", [Errno.NoEntry], SystemCall.UnlinkAt, Operand.Slot(directory), "ptmx", 0);
            operations.Add("link /dev/ptmx", "/dev/ptmx", SystemCall.SymlinkAt, "pts/ptmx", Operand.Slot(directory), "ptmx");
        }
    }

    private void AddNode(DeviceNode device, int parent, string name)
    {
        long type = device.Type switch
        {
            "c" or "u" => 0x2000,
            "b" => 0x6000,
            "p" => 0x1000,
            _ => throw new FormatException($"Device {device.Path}: type '{device.Type}' is not one of c, b, u, p."),
        };
        string purpose = $"make device {device.Path}";
        OperationList operations = tree.Operations;
        if (bindFromHost && type != 0x1000)
        {
            int host = mounts.CloneHost(purpose, "/" + RootTree.Relative(device.Path), recursive: false);
            operations.AddTolerant(purpose, device.Path, [Errno.Exists], SystemCall.MknodAt, Operand.Slot(parent), name, 0x8000 | 0x1B6, 0);
            int place = operations.AddWithResult(purpose, device.Path, SystemCall.OpenAt2, Operand.Slot(parent), name, PlanBuffer.OpenHow(PlanBuffer.PathOnly, PathResolution.NoSymlinks), 24);
            tree.Attach(purpose, device.Path, host, place);
            return;
        }

        long mode = device.FileMode & 0xFFF ?? 0x1B6;
        long number = type == 0x1000 ? 0 : MakeDevice(device.Major, device.Minor);
        Operation made = operations.AddTolerant(purpose, device.Path, [Errno.Exists], SystemCall.MknodAt, Operand.Slot(parent), name, type | mode, number);
        VerifyNode(purpose, device.Path, parent, name, type, device);
        operations.SkipHereOnSuccess(made);
        if (device.Uid is not null || device.Gid is not null)
        {
            operations.Add(purpose, device.Path, SystemCall.FchownAt, Operand.Slot(parent), name, device.Uid ?? 0, device.Gid ?? 0, NoFollow);
        }
    }

    /// <summary>What the image has under a device's name must be that device: a link or another file there would be trusted by everything that follows.</summary>
    private void VerifyNode(string purpose, string path, int parent, string name, long type, DeviceNode device)
    {
        const long wanted = 0x1 | 0x2;
        const long formatMask = 0xF000;
        OperationList operations = tree.Operations;
        operations.Add(purpose, path, SystemCall.Statx, Operand.Slot(parent), name, NoFollow, wanted, Operand.Scratch(StatScratch));
        operations.Check($"{purpose}: the image has something else there", path, StatModeOffset, formatMask << 32, type << 32, Errno.Exists);
        if (type != 0x1000)
        {
            operations.Check($"{purpose}: the image has another device there", path, StatDeviceOffset, -1, device.Major | (device.Minor << 32), Errno.Exists);
        }
    }

    private static long MakeDevice(long major, long minor) => (minor & 0xff) | (major << 8) | ((minor & ~0xffL) << 12);
}
