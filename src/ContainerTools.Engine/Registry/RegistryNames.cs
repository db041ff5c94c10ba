using System.Globalization;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Names of registries.</summary>
internal static class RegistryNames
{
    /// <summary>Docker Hub, as image names have it.</summary>
    public const string DockerHub = "docker.io";

    /// <summary>The one form of a registry's name. Throws <c>InvalidRegistryName</c>.</summary>
    public static string Normalize(string text)
    {
        var host = text.ToLowerInvariant();
        return ImageReference.TryParse(host + "/image", out var reference) && (reference.Registry == host || host == "index.docker.io") && HasValidPort(host)
            ? reference.Registry
            : throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidRegistryName", $"'{text}' is not the name of a registry.", text,
                "Write its host as image names have it, with a dot, a port, or localhost: registry.example, registry:5000; without https:// and path.");
    }

    /// <summary>The keys by which files and helpers may know a registry, that by which Docker knows it first.</summary>
    public static IReadOnlyList<string> KeysOf(string registry) => registry == DockerHub ? ["https://index.docker.io/v1/", DockerHub] : [registry];

    /// <summary>
    /// The registry that a key of a file or helper is about: with or without scheme, and with the path of an old version of the protocol. Null for a key that is about some
    /// repositories only (containers-auth.json(5)): such logins are not used.
    /// </summary>
    public static string? FromKey(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var words = (scheme < 0 ? key : key[(scheme + 3)..]).Split('/', 2);
        var host = words[0].ToLowerInvariant();
        var whole = scheme >= 0 || words is [_] or [_, "" or "v1" or "v1/" or "v2" or "v2/"];
        return !whole || host.Length == 0 ? null : host is "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
    }

    private static bool HasValidPort(string host) =>
        host.LastIndexOf(':') is var colon && (colon < 0 || host.EndsWith(']') || (ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0));
}
