using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <content>From what users write to what is meant.</content>
internal sealed partial class ImageStore
{
    private const string DigestPrefix = "sha256:";

    /// <summary>The index, the artifact or the image's manifest that a name, a digest or an id stands for. Throws as <see cref="Resolve"/>.</summary>
    public ManifestRecord ResolveRoot(string reference) => catalog.Read(connection =>
        FindRoot(connection, reference)
        ?? FindManifest(connection, Load(connection, FindId(connection, reference, null)).ManifestDigest)!);

    /// <summary>The index or artifact that a reference names; null when it names an image or nothing.</summary>
    private static ManifestRecord? FindRoot(SqliteConnection connection, string reference)
    {
        if (Digest.TryParse(reference, out var digest))
        {
            return FindManifest(connection, digest);
        }

        if (!ImageReference.TryParse(reference, out var name))
        {
            return null;
        }

        return connection.Scalar<string>("SELECT manifest_digest FROM tags WHERE tag = $tag", ("$tag", name.WithDefaultTag().Canonical)) is { } root
            ? FindManifest(connection, Digest.Parse(root))
            : name.Digest is { } pinned ? FindManifest(connection, pinned) : null;
    }

    private static Digest FindId(SqliteConnection connection, string reference, Platform? platform)
    {
        if (Digest.TryParse(reference, out var digest))
        {
            return ByDigest(connection, digest, reference, platform) ?? throw NotFound(reference);
        }

        if (ImageReference.TryParse(reference, out var name) && ByName(connection, name, reference, platform) is { } named)
        {
            return named;
        }

        var hex = reference.StartsWith(DigestPrefix, StringComparison.Ordinal) ? reference[DigestPrefix.Length..] : reference;
        if (hex.Length is > 0 and <= 64 && hex.All(char.IsAsciiHexDigitLower))
        {
            var matches = connection.Query(
                "SELECT id FROM images WHERE substr(id, 1, $length) = $prefix LIMIT 2",
                row => Digest.Parse(row.GetString(0)),
                ("$length", DigestPrefix.Length + hex.Length),
                ("$prefix", DigestPrefix + hex));
            return matches switch
            {
                [var only] => RequirePlatform(connection, only, reference, platform),
                [] => throw NotFound(reference),
                _ => throw new ContainerToolsException(
                    ErrorKind.InvalidArgument,
                    "ImageIdAmbiguous",
                    $"More than one image has an id that begins with '{hex}'.",
                    reference,
                    "Give more digits of the id."),
            };
        }

        throw name is not null ? NotFound(reference) : ParseError(reference);
    }

    private static Digest? ByName(SqliteConnection connection, ImageReference name, string reference, Platform? platform)
    {
        var rows = connection.Query(
            "SELECT image_id, manifest_digest FROM tags WHERE tag = $tag",
            row => (Image: row.IsDBNull(0) ? null : row.GetString(0), Root: row.IsDBNull(1) ? null : row.GetString(1)),
            ("$tag", name.WithDefaultTag().Canonical));
        if (rows is [(var image, var root)])
        {
            return root is not null && (image is null || platform is not null)
                ? FromRoot(connection, FindManifest(connection, Digest.Parse(root))!, reference, platform)
                : RequirePlatform(connection, Digest.Parse(image!), reference, platform);
        }

        return name.Digest is { } digest ? ByDigest(connection, digest, reference, platform) : null;
    }

    private static Digest? ByDigest(SqliteConnection connection, Digest digest, string reference, Platform? platform)
    {
        if (connection.Scalar<string>("SELECT id FROM images WHERE id = $digest", ("$digest", digest.ToString())) is not null)
        {
            return RequirePlatform(connection, digest, reference, platform);
        }

        return FindManifest(connection, digest) is not { } manifest
            ? null
            : manifest.Image is { } image ? RequirePlatform(connection, image, reference, platform) : FromRoot(connection, manifest, reference, platform);
    }

    private static Digest FromRoot(SqliteConnection connection, ManifestRecord root, string reference, Platform? platform)
    {
        if (root.Kind == ManifestKind.Artifact)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "NotAnImage", $"'{reference}' is an artifact, not an image.", reference, "Get-ContainerArtifact shows it, Export-ContainerArtifact writes its files.");
        }

        var present = ImagesOf(connection, root);
        var wanted = platform ?? Platform.Host;
        return present.FirstOrDefault(entry => wanted.Matches(entry.Platform)).Image is { Hex: not null } id
            ? id
            : throw new ContainerToolsException(
                ErrorKind.NotFound,
                "ImagePlatformNotFound",
                $"'{reference}' is not here for {wanted}; {(present.Count == 0 ? "none of its images is" : "it is for " + string.Join(", ", present.Select(entry => entry.Platform)))}.",
                reference,
                $"Receive-Image -Platform {wanted} fetches it if the registry has it; -Platform chooses among those that are here.");
    }

    /// <summary>The images of an index that are in the store, in the index's order.</summary>
    private static List<(Digest Image, Platform Platform)> ImagesOf(SqliteConnection connection, ManifestRecord index) => connection.Query(
        """
        SELECT m.image_id, i.config FROM index_entries e JOIN manifests m ON m.digest = e.manifest_digest JOIN images i ON i.id = m.image_id
        WHERE e.index_digest = $index ORDER BY e.position
        """,
        row => (Digest.Parse(row.GetString(0)), PlatformOf(OciJson.ReadConfig(System.Text.Encoding.UTF8.GetBytes(row.GetString(1))))),
        ("$index", index.Digest.ToString()));

    private static Digest RequirePlatform(SqliteConnection connection, Digest id, string reference, Platform? platform)
    {
        if (platform is not null
            && PlatformOf(OciJson.ReadConfig(System.Text.Encoding.UTF8.GetBytes(connection.Scalar<string>("SELECT config FROM images WHERE id = $id", ("$id", id.ToString()))!))) is var actual
            && !platform.Matches(actual))
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "ImagePlatformNotFound", $"'{reference}' is not here for {platform}; it is for {actual}.", reference, $"Receive-Image -Platform {platform} fetches it if the registry has it.");
        }

        return id;
    }

    /// <summary>What a configuration says it was made for.</summary>
    public static Platform PlatformOf(ImageConfigFile config) =>
        new() { OperatingSystem = config.OperatingSystem, Architecture = config.Architecture, Variant = config.Variant };

    private static Exception ParseError(string reference)
    {
        try
        {
            _ = ImageReference.Parse(reference);
            return NotFound(reference);
        }
        catch (OciFormatException error)
        {
            return StoreErrors.Translate(error, "Image name");
        }
    }
}
