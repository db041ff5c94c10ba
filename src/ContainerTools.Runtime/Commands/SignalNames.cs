using System.Globalization;

namespace ContainerTools.Runtime.Commands;

/// <summary>Signals by name (signal(7)); the numbers are the same on x86-64 and arm64.</summary>
internal static class SignalNames
{
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
        "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Number of <c>TERM</c>, <c>SIGTERM</c>, <c>15</c> or <c>RTMIN+1</c>.</summary>
    public static int ToNumber(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 64)
        {
            return number;
        }

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..].ToUpperInvariant() : text.ToUpperInvariant();
        int found = name.Length == 0 ? -1 : Array.IndexOf(Names, name);
        if (found > 0)
        {
            return found;
        }

        if (name.StartsWith("RTMIN", StringComparison.Ordinal) && (name.Length == 5 || (int.TryParse(name.AsSpan(5), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number is >= 0 and <= 30)))
        {
            return 34 + (name.Length == 5 ? 0 : number);
        }

        throw new UsageException($"'{text}' is not a signal. Use a name such as TERM or a number from 1 to 64.");
    }
}
