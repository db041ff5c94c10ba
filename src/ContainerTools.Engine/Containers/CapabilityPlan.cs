using System.Globalization;
using ContainerTools.Linux.Capabilities;

namespace ContainerTools.Engine.Containers;

/// <summary>Which capabilities a container gets: Docker's default fourteen, with what the spec adds and drops.</summary>
internal static class CapabilityPlan
{
    /// <summary>Docker's default set.</summary>
    public static readonly IReadOnlyList<string> Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>The bounding set of a container. Throws <c>InvalidCapability</c>.</summary>
    public static IReadOnlyList<string> For(ContainerSpec spec)
    {
        if (spec.Privileged)
        {
            return Available();
        }

        var set = new HashSet<string>(HasAll(spec.CapabilityDrop) ? [] : Default);
        set.UnionWith(HasAll(spec.CapabilityAdd) ? Available() : spec.CapabilityAdd.Where(name => !IsAll(name)).Select(Normalize));
        set.ExceptWith(spec.CapabilityDrop.Where(name => !IsAll(name)).Select(Normalize));
        return [.. CapabilityNames.All.Where(set.Contains)];
    }

    /// <summary>What this process may give: its own bounding set.</summary>
    public static IReadOnlyList<string> Available()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapBnd:", StringComparison.Ordinal));
        return CapabilityNames.FromMask(ulong.Parse(line["CapBnd:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static bool HasAll(IReadOnlyList<string> names) => names.Any(IsAll);

    private static bool IsAll(string name) => name.Equals("ALL", StringComparison.OrdinalIgnoreCase);

    private static string Normalize(string name) => CapabilityNames.Normalize(name) ?? throw new ContainerToolsException(
        ErrorKind.InvalidArgument,
        "InvalidCapability",
        $"'{name}' is not a capability.",
        name,
        "Use a name from capabilities(7), such as NET_ADMIN or CAP_SYS_PTRACE, or ALL.");
}
