using System.Runtime.InteropServices;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>The platform built on and for, and the arguments every Dockerfile knows.</summary>
/// <param name="Architecture">In Go's words, <c>amd64</c>.</param>
/// <param name="Variant">For example <c>v7</c>; empty when there is none.</param>
internal sealed record BuildPlatform(string Architecture, string Variant)
{
    private static readonly string[] Predefined =
    [
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy",
    ];

    /// <summary>This host's.</summary>
    public static BuildPlatform Host { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new("amd64", ""),
        System.Runtime.InteropServices.Architecture.Arm64 => new("arm64", ""),
        System.Runtime.InteropServices.Architecture.Arm => new("arm", "v7"),
        System.Runtime.InteropServices.Architecture.X86 => new("386", ""),
        var other => new(other.ToString().ToLowerInvariant(), ""),
    };

    /// <summary><c>linux/amd64</c>.</summary>
    public string Name => Variant.Length == 0 ? $"linux/{Architecture}" : $"linux/{Architecture}/{Variant}";

    /// <summary>True when <paramref name="name"/> means this platform.</summary>
    public bool Matches(string name) => name.ToLowerInvariant() is var lower && (lower == Name || lower == $"linux/{Architecture}" || lower == "linux" || lower == Architecture || (lower == "linux/arm64/v8" && Architecture == "arm64"));

    /// <summary>Build arguments that need no ARG to reach RUN.</summary>
    public static bool IsProxy(string name) => Predefined.Contains(name);

    /// <summary>Build arguments that may be given without an ARG in the Dockerfile.</summary>
    public static bool IsPredefined(string name) =>
        IsProxy(name) || name == "SOURCE_DATE_EPOCH" || name.StartsWith("BUILDKIT_", StringComparison.Ordinal) || Host.Arguments("").ContainsKey(name);

    /// <summary>Arguments with values of the engine's own.</summary>
    public IReadOnlyDictionary<string, string> Arguments(string targetStage) => new Dictionary<string, string>
    {
        ["BUILDPLATFORM"] = Name,
        ["BUILDOS"] = "linux",
        ["BUILDARCH"] = Architecture,
        ["BUILDVARIANT"] = Variant,
        ["TARGETPLATFORM"] = Name,
        ["TARGETOS"] = "linux",
        ["TARGETARCH"] = Architecture,
        ["TARGETVARIANT"] = Variant,
        ["TARGETSTAGE"] = targetStage,
    };
}
