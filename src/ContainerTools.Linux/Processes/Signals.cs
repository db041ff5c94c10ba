using System.Globalization;

namespace ContainerTools.Linux.Processes;

/// <summary>Signal names and numbers (signal(7)); the numbers are those of x86 and Arm.</summary>
public static class Signals
{
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private const int FirstRealTime = 34;
    private const int Last = 64;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>All names without <c>SIG</c>, for completion.</summary>
    public static IReadOnlyList<string> All => Names[1..];

    /// <summary>Number of a signal given as <c>TERM</c>, <c>SIGTERM</c>, <c>RTMIN+1</c>, <c>RTMAX-1</c> or a number; null when there is none of that name.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= Last ? number : null;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        if (name.StartsWith("RTMIN", StringComparison.Ordinal))
        {
            return Offset(name[5..], FirstRealTime);
        }

        if (name.StartsWith("RTMAX", StringComparison.Ordinal))
        {
            return Offset(name[5..], Last);
        }

        var index = Array.IndexOf(Names, name);
        return index > 0 ? index : null;
    }

    private static int? Offset(string text, int origin)
    {
        if (text.Length == 0)
        {
            return origin;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset)
            && origin + offset is >= FirstRealTime and <= Last
            ? origin + offset
            : null;
    }
}
