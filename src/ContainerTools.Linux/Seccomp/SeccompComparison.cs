namespace ContainerTools.Linux.Seccomp;

/// <summary>How an argument of a system call is compared, as an unsigned 64-bit number.</summary>
public enum SeccompComparison
{
    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Less than.</summary>
    Less,

    /// <summary>Less than or equal.</summary>
    LessOrEqual,

    /// <summary>Greater than.</summary>
    Greater,

    /// <summary>Greater than or equal.</summary>
    GreaterOrEqual,

    /// <summary>Equal to the second value after masking with the first.</summary>
    MaskedEqual,
}
