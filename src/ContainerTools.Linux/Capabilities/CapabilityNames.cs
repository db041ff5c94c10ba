namespace ContainerTools.Linux.Capabilities;

/// <summary>Capabilities by name (capabilities(7)).</summary>
public static class CapabilityNames
{
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
        "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
        "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ];

    /// <summary>Every capability, as <c>CAP_CHOWN</c>, in order of its number.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(name => "CAP_" + name)];

    /// <summary>Bit set of a list of names; the prefix <c>CAP_</c> may be left out.</summary>
    /// <exception cref="FormatException">A name is unknown.</exception>
    public static ulong ToMask(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ulong mask = 0;
        foreach (string name in names)
        {
            ReadOnlySpan<char> bare = name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name.AsSpan(4) : name;
            int number = -1;
            for (int index = 0; index < Names.Length; index++)
            {
                if (bare.Equals(Names[index], StringComparison.OrdinalIgnoreCase))
                {
                    number = index;
                    break;
                }
            }

            mask |= number >= 0 ? 1UL << number : throw new FormatException($"'{name}' is not a capability. Use a name such as CAP_NET_ADMIN.");
        }

        return mask;
    }

    /// <summary>The canonical name of a capability given in any case, with or without <c>CAP_</c>; null when there is none.</summary>
    public static string? Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string upper = name.ToUpperInvariant();
        string full = upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
        return All.Contains(full) ? full : null;
    }

    /// <summary>The names whose bits are set in a mask as <c>/proc/PID/status</c> shows it.</summary>
    public static IReadOnlyList<string> FromMask(ulong mask) => [.. All.Where((_, number) => (mask & (1UL << number)) != 0)];
}
