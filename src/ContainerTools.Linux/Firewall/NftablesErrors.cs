using System.Text.RegularExpressions;

namespace ContainerTools.Linux.Firewall;

/// <summary>Reads the errors that nft prints.</summary>
internal static partial class NftablesErrors
{
    /// <summary>Makes the error of commands that failed, from what nft printed: the first error, which the others follow from.</summary>
    public static NftablesException From(string commands, string printed)
    {
        var match = FirstError().Match(printed);
        if (!match.Success)
        {
            return new NftablesException(printed.Length > 0 ? $"nftables: {printed.Trim()}" : "nftables failed and gave no reason.");
        }

        var reason = match.Groups["reason"].Value.Trim();
        var lines = commands.Split('\n');
        return int.TryParse(match.Groups["line"].ValueSpan, out var number) && number > 0 && number <= lines.Length
            ? new NftablesException(reason, number, lines[number - 1])
            : new NftablesException(reason, 0, "");
    }

    // "/dev/stdin:3:5-9: Error: …" of the program, "<cmdline>:3:5-9: Error: …" or "netlink: Error: …" of the library, or only "Error: …".
    [GeneratedRegex(@"^(?:\S+?:(?<line>\d+):\d+-\d+: |\S+: )?Error: (?<reason>.*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FirstError();
}
