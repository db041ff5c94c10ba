namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>What happens to some system calls.</summary>
public sealed record SeccompRule
{
    /// <summary>Names of the calls.</summary>
    public IReadOnlyList<string> Names { get; init => field = value ?? []; } = [];

    /// <summary>What happens to them.</summary>
    public required string Action { get; init; }

    /// <summary>errno of SCMP_ACT_ERRNO and SCMP_ACT_TRACE.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<SeccompArgument> Args { get; init => field = value ?? []; } = [];
}
