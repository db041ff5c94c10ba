using System.Globalization;

namespace ContainerTools.Cmdlets;

/// <summary>Ports and protocols as people write them. Throws <see cref="FormatException"/> with the reason.</summary>
internal static class PortText
{
    private const int Largest = 65535;

    /// <summary><c>80</c> or <c>8000-8010</c>.</summary>
    public static (int First, int Count) Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Port(dash < 0 ? text : text[..dash], text);
        var last = dash < 0 ? first : Port(text[(dash + 1)..], text);
        return last >= first ? (first, last - first + 1) : throw new FormatException($"the range {text} ends before it begins");
    }

    /// <summary>The text before <c>/protocol</c>, and the protocol; TCP without one.</summary>
    public static (string Ports, PortProtocol Protocol) SplitProtocol(string text)
    {
        var slash = text.LastIndexOf('/');
        return slash < 0 ? (text, PortProtocol.Tcp) : (text[..slash], Protocol(text[(slash + 1)..]));
    }

    public static PortProtocol Protocol(string word) => word.ToUpperInvariant() switch
    {
        "TCP" => PortProtocol.Tcp,
        "UDP" => PortProtocol.Udp,
        "SCTP" => PortProtocol.Sctp,
        _ => throw new FormatException($"'{word}' is no protocol; known are tcp, udp, sctp"),
    };

    private static int Port(string digits, string whole)
    {
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new FormatException(digits.Length > 0 && digits.All(char.IsAsciiDigit) ? OutOfRange(digits) : whole.Length == 0 ? "a port is missing" : $"'{whole}' is neither a port nor a range of ports");
        }

        return port is >= 1 and <= Largest ? port : throw new FormatException(OutOfRange(digits));
    }

    private static string OutOfRange(string digits) => $"{digits} is no port; ports are 1 to {Largest}";
}
