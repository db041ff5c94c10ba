using System.Globalization;
using System.Text.RegularExpressions;

namespace ContainerTools.Api;

/// <summary>Versions of the Docker Engine API that this server answers to.</summary>
internal static partial class ApiVersions
{
    public const string Newest = "1.47";
    public const string Oldest = "1.24";

    /// <summary>
    /// Splits <c>/v1.41/containers/json</c> into a version and the path every version shares. A path without a version is the newest's.
    /// Throws <see cref="ContainerToolsException"/> for a version that is not served.
    /// </summary>
    public static string StripVersion(string path)
    {
        var match = Prefix().Match(path);
        if (!match.Success)
        {
            return path;
        }

        var minor = int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture);
        var asked = $"1.{minor}";
        if (minor > Minor(Newest))
        {
            throw Refused($"client version {asked} is too new. Maximum supported API version is {Newest}", asked);
        }

        if (minor < Minor(Oldest))
        {
            throw Refused($"client version {asked} is too old. Minimum supported API version is {Oldest}", asked);
        }

        return match.Groups["rest"].Value is { Length: > 0 } rest ? rest : "/";
    }

    private static ContainerToolsException Refused(string message, string version) =>
        new(ErrorKind.InvalidArgument, "ApiVersionUnsupported", message, version, $"Set DOCKER_API_VERSION={Newest}.");

    private static int Minor(string version) => int.Parse(version.AsSpan(2), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^/v1\.(?<minor>[0-9]{1,3})(?<rest>/.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
