namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>A condition on one argument of a system call.</summary>
public sealed record SeccompArgument
{
    /// <summary>Which argument, 0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>Compared with it; the mask of SCMP_CMP_MASKED_EQ.</summary>
    public ulong Value { get; init; }

    /// <summary>Second value of SCMP_CMP_MASKED_EQ.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>Comparison, such as <c>SCMP_CMP_EQ</c>.</summary>
    public required string Op { get; init; }
}
