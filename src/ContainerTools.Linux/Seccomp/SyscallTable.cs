namespace ContainerTools.Linux.Seccomp;

/// <summary>System call numbers by name.</summary>
public sealed class SyscallTable
{
    private readonly Dictionary<string, int> numbers = new(400, StringComparer.Ordinal);

    private SyscallTable(ReadOnlySpan<char> source)
    {
        var next = 0;
        foreach (var range in source.SplitAny(' ', '\n'))
        {
            var token = source[range];
            if (token.IsEmpty)
            {
                continue;
            }

            if (char.IsAsciiDigit(token[0]))
            {
                next = int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }

            Highest = next;
            numbers.Add(token.ToString(), next++);
        }
    }

    /// <summary>The largest number known.</summary>
    public int Highest { get; }

    /// <summary>The table of an architecture, made anew: it is used once in a process, which may live for months.</summary>
    public static SyscallTable For(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X64 => new SyscallTable(SyscallNumbers.X64),
        SeccompArchitecture.Arm64 => new SyscallTable(SyscallNumbers.Arm64),
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "Unknown architecture."),
    };

    /// <summary>The number of a call; false when the architecture has no such call.</summary>
    public bool TryGetNumber(string name, out int number) => numbers.TryGetValue(name, out number);
}
