namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>A system call filter.</summary>
public sealed record SeccompConfig
{
    /// <summary>What happens to calls no rule names, such as <c>SCMP_ACT_ERRNO</c>.</summary>
    public required string DefaultAction { get; init; }

    /// <summary>errno of the default action.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Architectures, such as <c>SCMP_ARCH_X86_64</c>.</summary>
    public IReadOnlyList<string> Architectures { get; init => field = value ?? []; } = [];

    /// <summary>Flags of the filter, such as <c>SECCOMP_FILTER_FLAG_LOG</c>.</summary>
    public IReadOnlyList<string> Flags { get; init => field = value ?? []; } = [];

    /// <summary>Socket of a notification listener; not supported.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Rules, in order.</summary>
    public IReadOnlyList<SeccompRule> Syscalls { get; init => field = value ?? []; } = [];
}
