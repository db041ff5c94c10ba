using System.Globalization;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary><c>RUN --mount=key=value,…</c>.</summary>
internal static class RunMountParser
{
    /// <summary>Parses; malformed options raise <see cref="FormatException"/>, unsupported types <see cref="UnsupportedFeatureException"/>.</summary>
    public static RunMount Parse(string text)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in text.Split(','))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? field : field[..equals]).Trim().ToLowerInvariant();
            key = key switch
            {
                "dst" or "destination" => "target",
                "src" => "source",
                "ro" => "readonly",
                "rw" => "readwrite",
                _ => key,
            };
            if (!values.TryAdd(key, equals < 0 ? null : field[(equals + 1)..]))
            {
                throw new FormatException($"unexpected second '{key}' in --mount={text}: expected it once");
            }
        }

        var type = Take(values, "type") ?? "bind";
        var target = Take(values, "target");
        var mount = type switch
        {
            "bind" => new RunMount
            {
                Type = type, Target = Target(), Source = Take(values, "source"), From = Take(values, "from"), ReadOnly = !Flag(values, "readwrite") | Flag(values, "readonly"),
            },
            "cache" => new RunMount
            {
                Type = type,
                Target = Target(),
                Id = Take(values, "id"),
                Sharing = Sharing(Take(values, "sharing")),
                ReadOnly = Flag(values, "readonly") & !Flag(values, "readwrite"),
                Mode = Number(values, "mode", 8) ?? 0b111_101_101,
                UserId = Number(values, "uid", 10) ?? 0,
                GroupId = Number(values, "gid", 10) ?? 0,
            },
            "tmpfs" => new RunMount { Type = type, Target = Target(), Size = Take(values, "size") },
            "secret" => Secret(values, target),
            "ssh" => throw new UnsupportedFeatureException($"RUN --mount=type={type} is not supported"),
            _ => throw new FormatException($"unexpected mount type '{type}': expected bind, cache, secret or tmpfs"),
        };
        return values.Count == 0
            ? mount
            : throw new FormatException($"unexpected option '{values.Keys.First()}' in --mount={text}: not an option of type {type}");

        string Target() => target is { Length: > 0 } ? target : throw new FormatException($"unexpected end of --mount={text}: expected target=PATH");
    }

    /// <summary>BuildKit's rules: the id is the target's last word where it is missing, the target <c>/run/secrets/ID</c>; with env there is a file only if a target is given.</summary>
    private static RunMount Secret(Dictionary<string, string?> values, string? target)
    {
        var id = Take(values, "id") ?? target?[(target.LastIndexOf('/') + 1)..];
        var variable = Take(values, "env");
        return new RunMount
        {
            Type = "secret",
            Id = id is { Length: > 0 } ? id : throw new FormatException("unexpected end of --mount=type=secret: expected id=NAME or target=PATH"),
            Target = target ?? (variable is null ? $"/run/secrets/{id}" : ""),
            Variable = variable,
            Required = Flag(values, "required"),
            ReadOnly = true,
            Mode = Number(values, "mode", 8) ?? 0b100_000_000,
            UserId = Number(values, "uid", 10) ?? 0,
            GroupId = Number(values, "gid", 10) ?? 0,
        };
    }

    private static string? Take(Dictionary<string, string?> values, string key)
    {
        if (!values.Remove(key, out var value))
        {
            return null;
        }

        return value is { Length: > 0 } ? value : throw new FormatException($"unexpected end of mount option '{key}': expected {key}=VALUE");
    }

    private static bool Flag(Dictionary<string, string?> values, string key) => values.Remove(key, out var value) && value?.ToLowerInvariant() switch
    {
        null or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"unexpected value '{value}' of mount option '{key}': expected true or false"),
    };

    private static string Sharing(string? value) => value switch
    {
        null => "shared",
        "shared" or "private" or "locked" => value,
        _ => throw new FormatException($"unexpected sharing '{value}': expected shared, private or locked"),
    };

    private static int? Number(Dictionary<string, string?> values, string key, int radix)
    {
        if (Take(values, key) is not { } text)
        {
            return null;
        }

        try
        {
            var number = radix == 8 ? Convert.ToInt32(text, 8) : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
            return radix == 8 && number > 0xFFF ? throw new FormatException() : number;
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            throw new FormatException($"unexpected value '{text}' of mount option '{key}': expected {(radix == 8 ? "an octal mode" : "a number")}");
        }
    }
}
