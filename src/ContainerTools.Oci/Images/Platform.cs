using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>The platform an image runs on (image-spec, image-index.md).</summary>
public sealed record Platform
{
    /// <summary>CPU architecture in Go's words.</summary>
    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    /// <summary>Operating system in Go's words.</summary>
    [JsonPropertyName("os")]
    public required string OperatingSystem { get; init; }

    /// <summary>Version of the operating system.</summary>
    [JsonPropertyName("os.version")]
    public string? OperatingSystemVersion { get; init; }

    /// <summary>Features of the operating system that are needed.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OperatingSystemFeatures { get; init; }

    /// <summary>Variant of the CPU (<c>v7</c>).</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>Members this version does not know; kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>This process's platform.</summary>
    public static Platform Host { get; } = new() { OperatingSystem = "linux", Architecture = HostArchitecture };

    /// <summary>This process's architecture in Go's words.</summary>
    public static string HostArchitecture => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>Reads <c>os/architecture[/variant]</c>, or an architecture alone, which means Linux; throws <see cref="OciFormatException"/> (<c>InvalidPlatform</c>).</summary>
    public static Platform Parse(string text)
    {
        var parts = text.Trim().ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || !part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')))
        {
            throw new OciFormatException("InvalidPlatform", $"'{text}' is not a platform: 'os/architecture' or 'os/architecture/variant' is expected, as in 'linux/arm64/v8'.");
        }

        var platform = parts.Length == 1
            ? parts[0] == "linux" ? Host : new Platform { OperatingSystem = "linux", Architecture = parts[0] }
            : new Platform { OperatingSystem = parts[0], Architecture = parts[1], Variant = parts.Length == 3 ? parts[2] : null };
        return platform.Normalized();
    }

    /// <summary>True when what was made for <paramref name="other"/> is what is asked for by this: variants count as far as both say one.</summary>
    public bool Matches(Platform other)
    {
        var (mine, its) = (Normalized(), other.Normalized());
        return mine.OperatingSystem == its.OperatingSystem && mine.Architecture == its.Architecture && (mine.Variant is null || its.Variant is null || mine.Variant == its.Variant);
    }

    /// <summary>The same platform with the names and the variants that are usual: <c>x86_64</c> is <c>amd64</c>, <c>arm64/v8</c> is <c>arm64</c>.</summary>
    public Platform Normalized()
    {
        var architecture = Architecture.ToLowerInvariant() switch
        {
            "x86_64" or "x86-64" => "amd64",
            "aarch64" => "arm64",
            "i386" or "i686" or "x86" => "386",
            "armhf" or "armel" => "arm",
            var known => known,
        };
        var variant = Variant is { Length: > 0 } given
            ? given.ToLowerInvariant() is var lower && char.IsAsciiDigit(lower[0]) ? "v" + lower : lower
            : Architecture.ToLowerInvariant() switch { "armhf" => "v7", "armel" => "v6", _ => null };
        return this with
        {
            OperatingSystem = OperatingSystem.ToLowerInvariant(),
            Architecture = architecture,
            Variant = (architecture, variant) is ("arm64", "v8") or ("amd64", "v1") ? null : variant,
        };
    }

    /// <summary><c>linux/arm64/v8</c>.</summary>
    public override string ToString() => Variant is { Length: > 0 } ? $"{OperatingSystem}/{Architecture}/{Variant}" : $"{OperatingSystem}/{Architecture}";
}
