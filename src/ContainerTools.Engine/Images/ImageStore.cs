using System.Collections.Concurrent;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <summary>Images and tags of the catalogue. Thread-safe, and safe among processes.</summary>
internal sealed partial class ImageStore(Catalog catalog, LayerStore layers)
{
    private const int MostDocuments = 1000;

    // An image's documents never change under its digests: they are read once, and not for every container that is listed or started.
    private readonly ConcurrentDictionary<(Digest Id, Digest Manifest), ImageRecord> _documents = new();

    public LayerStore Layers => layers;

    /// <summary>Called when an image came.</summary>
    public Action? Added { get; init; }

    /// <summary>One image by tag, digest, id or unique id prefix. Throws <c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>.</summary>
    public ImageRecord Resolve(string reference) => catalog.Read(connection => Load(connection, FindId(connection, reference)));

    /// <summary>Adds an image (or finds it there already) and sets tags, in one transaction.</summary>
    public ImageRecord Add(ImageAddition addition)
    {
        var configJson = addition.ConfigJson ?? OciJson.Write(addition.Config);
        var id = Digest.Of(configJson);
        var diffIds = addition.Config.RootFilesystem.DiffIds ?? [];
        var records = diffIds.Select(layers.Get).ToList();
        var manifestJson = KeepManifest(addition.ManifestJson, id, records) ?? OciJson.Write(new ImageManifest
        {
            MediaType = MediaTypes.ImageManifest,
            Config = new Descriptor { MediaType = MediaTypes.ImageConfig, Digest = id, Size = configJson.Length },
            Layers = [.. records.Select(layer => new Descriptor { MediaType = layer.MediaType, Digest = layer.BlobDigest, Size = layer.BlobSize })],
            Annotations = addition.Annotations is { Count: > 0 } annotations ? annotations : null,
        });
        var added = catalog.Write(connection => Insert(connection, addition, id, configJson, manifestJson, diffIds));
        Added?.Invoke();
        return added;
    }

    /// <summary>All images, newest first.</summary>
    public IReadOnlyList<ImageRecord> List() => catalog.Read(connection => connection
        .Query("SELECT id FROM images ORDER BY created DESC, id", row => Digest.Parse(row.GetString(0)))
        .ConvertAll(id => Load(connection, id)));

    /// <summary>Bytes of the image's distinct layers: all, and those that no other image uses.</summary>
    public (long Total, long Unique) SizesOf(Digest id) => catalog.Read(connection => connection.Query(
        """
        SELECT COALESCE(SUM(size), 0), COALESCE(SUM(CASE WHEN users = 1 THEN size ELSE 0 END), 0) FROM (
            SELECT l.size AS size, (SELECT COUNT(DISTINCT o.image_id) FROM image_layers o WHERE o.diff_id = l.diff_id) AS users
            FROM layers l WHERE l.diff_id IN (SELECT diff_id FROM image_layers WHERE image_id = $id))
        """,
        row => (row.GetInt64(0), row.GetInt64(1)),
        ("$id", id.ToString()))[0]);

    private ImageRecord Insert(
        SqliteConnection connection, ImageAddition addition, Digest id, byte[] configJson, byte[] manifestJson, IReadOnlyList<Digest> diffIds)
    {
        connection.Execute(
            """
            INSERT INTO images (id, manifest_digest, created, architecture, config, manifest) VALUES ($id, $digest, $created, $architecture, $config, $manifest)
            ON CONFLICT (id) DO NOTHING
            """,
            ("$id", id.ToString()),
            ("$digest", Digest.Of(manifestJson).ToString()),
            ("$created", (addition.Config.Created ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds()),
            ("$architecture", addition.Config.Architecture),
            ("$config", System.Text.Encoding.UTF8.GetString(configJson)),
            ("$manifest", System.Text.Encoding.UTF8.GetString(manifestJson)));
        for (var position = 0; position < diffIds.Count; position++)
        {
            connection.Execute(
                "INSERT OR IGNORE INTO image_layers (image_id, position, diff_id) VALUES ($id, $position, $layer)",
                ("$id", id.ToString()),
                ("$position", position),
                ("$layer", diffIds[position].ToString()));
        }

        foreach (var tag in addition.Tags)
        {
            SetTag(connection, tag, id);
        }

        return Load(connection, id);
    }

    private static Digest FindId(SqliteConnection connection, string reference)
    {
        if (Digest.TryParse(reference, out var digest))
        {
            return ByDigest(connection, digest) ?? throw NotFound(reference);
        }

        if (ImageReference.TryParse(reference, out var name))
        {
            var tagged = name.Digest is { } named
                ? ByDigest(connection, named)
                : connection.Scalar<string>("SELECT image_id FROM tags WHERE tag = $tag", ("$tag", name.WithDefaultTag().Canonical)) is { } id
                    ? Digest.Parse(id)
                    : null;
            if (tagged is { } found)
            {
                return found;
            }
        }

        const string Prefix = "sha256:";
        var hex = reference.StartsWith(Prefix, StringComparison.Ordinal) ? reference[Prefix.Length..] : reference;
        if (hex.Length is > 0 and <= 64 && hex.All(char.IsAsciiHexDigitLower))
        {
            var matches = connection.Query(
                "SELECT id FROM images WHERE substr(id, 1, $length) = $prefix LIMIT 2",
                row => Digest.Parse(row.GetString(0)),
                ("$length", Prefix.Length + hex.Length),
                ("$prefix", Prefix + hex));
            return matches switch
            {
                [var only] => only,
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

    private static Digest? ByDigest(SqliteConnection connection, Digest digest) =>
        connection.Scalar<string>("SELECT id FROM images WHERE id = $digest OR manifest_digest = $digest ORDER BY id = $digest DESC", ("$digest", digest.ToString()))
            is { } id ? Digest.Parse(id) : null;

    private ImageRecord Load(SqliteConnection connection, Digest id)
    {
        var manifest = Digest.Parse(connection.Scalar<string>("SELECT manifest_digest FROM images WHERE id = $id", ("$id", id.ToString())) ?? throw NotFound(id.ToString()));
        var documents = _documents.GetOrAdd((id, manifest), _ => LoadDocuments(connection, id, manifest));
        return documents with
        {
            Tags = connection.Query(
                "SELECT tag FROM tags WHERE image_id = $id ORDER BY tag", row => ImageReference.Parse(row.GetString(0)), ("$id", id.ToString())),
        };
    }

    private ImageRecord LoadDocuments(SqliteConnection connection, Digest id, Digest manifestDigest)
    {
        if (_documents.Count >= MostDocuments)
        {
            _documents.Clear();
        }

        var (config, manifest) = connection.Query(
            "SELECT config, manifest FROM images WHERE id = $id", row => (row.GetString(0), row.GetString(1)), ("$id", id.ToString()))[0];
        var configJson = System.Text.Encoding.UTF8.GetBytes(config);
        var manifestJson = System.Text.Encoding.UTF8.GetBytes(manifest);
        return new ImageRecord
        {
            Id = id,
            ManifestDigest = manifestDigest,
            Config = OciJson.ReadConfig(configJson),
            ConfigJson = configJson,
            Manifest = OciJson.ReadManifest(manifestJson),
            ManifestJson = manifestJson,
            Layers = connection.Query(
                "SELECT diff_id FROM image_layers WHERE image_id = $id ORDER BY position",
                row => Digest.Parse(row.GetString(0)),
                ("$id", id.ToString())),
            Tags = [],
        };
    }

    /// <summary>A foreign manifest is kept only if every blob it names can be given out again.</summary>
    private static byte[]? KeepManifest(byte[]? json, Digest id, List<LayerRecord> records) =>
        json is not null && OciJson.ReadManifest(json) is var manifest
            && manifest.Config.Digest == id
            && manifest.Layers.Select(layer => layer.Digest).SequenceEqual(records.Select(record => record.BlobDigest))
            ? json
            : null;

    private static ContainerToolsException NotFound(string reference) => new(
        ErrorKind.NotFound, "ImageNotFound", $"There is no image '{reference}'.", reference, "List the images with Get-Image, or import or build it.");

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
