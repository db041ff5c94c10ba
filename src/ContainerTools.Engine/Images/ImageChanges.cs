using System.Text.Json;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Applies Dockerfile instructions that change only the configuration, as <c>docker import --change</c> does.</summary>
internal static class ImageChanges
{
    public static ImageExecutionConfig Apply(ImageExecutionConfig config, IReadOnlyList<string> changes) =>
        changes.Aggregate(config, (current, change) => Apply(current, change.Trim()));

    private static ImageExecutionConfig Apply(ImageExecutionConfig config, string change)
    {
        var space = change.IndexOfAny([' ', '\t']);
        var instruction = (space < 0 ? change : change[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : change[space..].Trim();
        if (rest.Length == 0)
        {
            throw Invalid(change, "an instruction and its value are expected");
        }

        return instruction switch
        {
            "CMD" => config with { Command = Words(rest) ?? Shell(config, rest) },
            "ENTRYPOINT" => config with { Entrypoint = Words(rest) ?? Shell(config, rest), Command = null },
            "ENV" => config with { Environment = Merge(config.Environment ?? [], Pairs(rest, change)) },
            "LABEL" => config with { Labels = Merge(config.Labels, Pairs(rest, change)) },
            "EXPOSE" => config with { ExposedPorts = Merge(config.ExposedPorts, rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(port => Port(port, change))) },
            "VOLUME" => config with { Volumes = Merge(config.Volumes, Words(rest) ?? rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)) },
            "USER" => config with { User = rest },
            "WORKDIR" => config with { WorkingDirectory = Path.GetFullPath(Path.Combine("/", config.WorkingDirectory ?? "", rest)) },
            "STOPSIGNAL" => config with { StopSignal = rest },
            "SHELL" => config with { Shell = Words(rest) ?? throw Invalid(change, "SHELL takes a JSON array") },
            "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], rest] },
            _ => throw Invalid(change, $"'{instruction}' cannot be used here; CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, SHELL, STOPSIGNAL, USER, VOLUME and WORKDIR can"),
        };
    }

    private static IReadOnlyList<string>? Words(string text)
    {
        if (!text.StartsWith('['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String)
                ? [.. document.RootElement.EnumerateArray().Select(word => word.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            // As in a Dockerfile: what is no JSON array of strings is a shell line.
            return null;
        }
    }

    private static IReadOnlyList<string> Shell(ImageExecutionConfig config, string line) =>
        [.. config.Shell is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"], line];

    private static string Port(string port, string change)
    {
        var (number, protocol) = port.Split('/') switch
        {
            [var only] => (only, "tcp"),
            [var first, var second] => (first, second.ToLowerInvariant()),
            _ => ("", ""),
        };
        return number.Split('-').All(part => ushort.TryParse(part, out _)) && protocol is "tcp" or "udp" or "sctp"
            ? $"{number}/{protocol}"
            : throw Invalid(change, $"'{port}' is not a port such as 80 or 53/udp");
    }

    private static List<(string Name, string Value)> Pairs(string text, string change)
    {
        var pairs = new List<(string, string)>();
        foreach (var word in Split(text, change))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                pairs.Add((word[..equals], word[(equals + 1)..]));
            }
            else if (pairs.Count == 0 && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
            {
                // The old form: NAME rest of the line.
                return [(text[..space], text[space..].Trim())];
            }
            else
            {
                throw Invalid(change, $"'{word}' is not NAME=value");
            }
        }

        return pairs;
    }

    private static List<string> Split(string text, string change)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var c = text[index];
            if (c == '\\' && quote != '\'' && index + 1 < text.Length)
            {
                word.Append(text[++index]);
            }
            else if (c == quote || (quote == '\0' && c is '"' or '\''))
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(c);
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return quote == '\0' ? words : throw Invalid(change, $"the quote {quote} is not closed");
    }

    private static List<string> Merge(IReadOnlyList<string> environment, List<(string Name, string Value)> pairs)
    {
        var result = environment.ToList();
        foreach (var (name, value) in pairs)
        {
            var position = result.FindIndex(entry => entry.StartsWith(name + "=", StringComparison.Ordinal));
            if (position >= 0)
            {
                result[position] = $"{name}={value}";
            }
            else
            {
                result.Add($"{name}={value}");
            }
        }

        return result;
    }

    private static SortedDictionary<string, string> Merge(IReadOnlyDictionary<string, string>? labels, List<(string Name, string Value)> pairs)
    {
        var result = new SortedDictionary<string, string>((labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            result[name] = value;
        }

        return result;
    }

    private static SortedDictionary<string, EmptyObject> Merge(IReadOnlyDictionary<string, EmptyObject>? set, IEnumerable<string> names)
    {
        var result = new SortedDictionary<string, EmptyObject>((set ?? new Dictionary<string, EmptyObject>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var name in names)
        {
            result[name] = EmptyObject.Value;
        }

        return result;
    }

    private static ContainerToolsException Invalid(string change, string why) =>
        new(ErrorKind.InvalidArgument, "InvalidImageChange", $"The change '{change}' cannot be applied: {why}.", change);
}
