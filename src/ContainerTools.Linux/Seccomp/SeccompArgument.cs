namespace ContainerTools.Linux.Seccomp;

/// <summary>A condition on one argument of a system call.</summary>
/// <param name="Index">Position of the argument, 0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">What it is compared with; the mask of <see cref="SeccompComparison.MaskedEqual"/>.</param>
/// <param name="SecondValue">What the masked argument must equal.</param>
public sealed record SeccompArgument(int Index, SeccompComparison Comparison, ulong Value, ulong SecondValue = 0);
