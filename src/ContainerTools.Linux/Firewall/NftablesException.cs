namespace ContainerTools.Linux.Firewall;

/// <summary>nftables refused commands, or is not to be had. The message reads <c>nftables: No such file or directory, in line 2: add element …</c>.</summary>
public sealed class NftablesException : Exception
{
    /// <summary>Makes an error that is about no line.</summary>
    public NftablesException(string message)
        : base(message) => Reason = message;

    /// <summary>Makes the error of a line.</summary>
    /// <param name="reason">What nft says.</param>
    /// <param name="lineNumber">Number of the line, from 1; 0 when nft names none.</param>
    /// <param name="line">The line.</param>
    public NftablesException(string reason, int lineNumber, string line)
        : base(lineNumber > 0 ? $"nftables: {reason}, in line {lineNumber}: {line.Trim()}" : $"nftables: {reason}")
    {
        Reason = reason;
        LineNumber = lineNumber;
        Line = line;
    }

    /// <summary>nft's own words, without the place.</summary>
    public string Reason { get; }

    /// <summary>Number of the line concerned, from 1; 0 when none is known.</summary>
    public int LineNumber { get; }

    /// <summary>The line concerned, or an empty string.</summary>
    public string Line { get; } = "";
}
