namespace ContainerTools.Linux.Seccomp;

/// <summary>What happens to some system calls when all conditions on their arguments hold.</summary>
public sealed record SeccompRule
{
    /// <summary>Names of the system calls; names the architecture does not have are passed over.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What happens.</summary>
    public SeccompAction Action { get; init; } = SeccompAction.Allow;

    /// <summary>errno of <see cref="SeccompAction.Errno"/>, message of <see cref="SeccompAction.Trace"/>; null for EPERM.</summary>
    public int? Errno { get; init; }

    /// <summary>Conditions that must all hold; none means always.</summary>
    public IReadOnlyList<SeccompArgument> Arguments { get; init; } = [];
}
