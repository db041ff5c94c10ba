using System.Text.Json;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Decides what a document is, and refuses one that could be read as two things (CVE-2021-41190).</summary>
internal static class ManifestTypes
{
    /// <summary>The media type. Throws <c>ManifestTypeMismatch</c>, <c>ManifestNotSupported</c>, <c>InvalidImageDocument</c>.</summary>
    /// <param name="content">The document.</param>
    /// <param name="header">What the answer's Content-Type says.</param>
    /// <param name="expected">What an index says.</param>
    /// <param name="subject">For messages.</param>
    public static string Determine(byte[] content, string? header, string? expected, string subject)
    {
        string? inside;
        bool hasManifests, hasLayers;
        try
        {
            using var json = JsonDocument.Parse(content);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("schemaVersion", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number == 1)
            {
                throw NotSupported(subject, "is of schema 1, which Docker gave up in 2017", "Push the image again with a tool of today.");
            }

            inside = root.TryGetProperty("mediaType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
            hasManifests = root.TryGetProperty("manifests", out _);
            hasLayers = root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _) || root.TryGetProperty("fsLayers", out _);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RegistryException(ErrorKind.DataLoss, "InvalidImageDocument", $"{subject}: the manifest is no JSON object: {error.Message}", subject, "Tell whoever runs the registry.", error);
        }

        var known = Known(header);
        var stated = inside ?? expected ?? known ?? (hasManifests ? MediaTypes.ImageIndex : MediaTypes.ImageManifest);
        if (hasManifests == hasLayers || MediaTypes.IsIndex(stated) != hasManifests || (expected is not null && expected != stated) || (known is not null && known != stated))
        {
            throw new RegistryException(
                ErrorKind.DataLoss,
                "ManifestTypeMismatch",
                $"{subject}: the manifest is said to be {string.Join(" and ", new[] { inside, expected, header }.OfType<string>().Distinct())}, and has {(hasManifests ? "manifests" : "no manifests")} and {(hasLayers ? "layers" : "no layers")}: it could be read in two ways.",
                subject,
                "Do not trust this image.");
        }

        return MediaTypes.IsIndex(stated) || MediaTypes.IsManifest(stated) ? stated : throw NotSupported(subject, $"is of the type {stated}", null);
    }

    /// <summary>Some registries give every document the type <c>application/json</c> or <c>text/plain</c>: that says nothing.</summary>
    private static string? Known(string? header) => MediaTypes.IsIndex(header) || MediaTypes.IsManifest(header) ? header : null;

    private static RegistryException NotSupported(string subject, string what, string? action) =>
        new(ErrorKind.NotSupported, "ManifestNotSupported", $"{subject}: the manifest {what}; it is not supported.", subject, action);
}
