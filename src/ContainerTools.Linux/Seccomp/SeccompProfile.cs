namespace ContainerTools.Linux.Seccomp;

/// <summary>
/// A system call filter as the OCI runtime specification describes it (config-linux.md, "Seccomp"). A rule without conditions wins over rules with conditions
/// on the same call; among those with conditions the first that holds wins.
/// </summary>
public sealed record SeccompProfile
{
    /// <summary>What happens to a call that no rule is about.</summary>
    public SeccompAction DefaultAction { get; init; } = SeccompAction.Errno;

    /// <summary>errno of the default action; null for EPERM.</summary>
    public int? DefaultErrno { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SeccompRule> Rules { get; init; } = [];
}
