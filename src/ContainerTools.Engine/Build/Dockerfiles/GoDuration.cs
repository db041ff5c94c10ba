using System.Globalization;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>.</summary>
internal static partial class GoDuration
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        if (text == "0")
        {
            return true;
        }

        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var nanoseconds = 0d;
        for (var i = 0; i < match.Groups[1].Captures.Count; i++)
        {
            nanoseconds += double.Parse(match.Groups[1].Captures[i].Value, CultureInfo.InvariantCulture) * match.Groups[2].Captures[i].Value switch
            {
                "ns" => 1,
                "us" or "µs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 60e9,
                _ => 3600e9,
            };
        }

        if (nanoseconds / 100 > TimeSpan.MaxValue.Ticks / 2d)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)Math.Round(nanoseconds / 100));
        return true;
    }

    [GeneratedRegex(@"\A(?:(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
