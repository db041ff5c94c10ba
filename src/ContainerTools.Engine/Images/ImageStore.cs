using System.Collections.Concurrent;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <summary>Images, indexes, artifacts and their names in the catalogue. Thread-safe, and safe among processes.</summary>
internal sealed partial class ImageStore(Catalog catalog, LayerStore layers)
{
    private const int MostDocuments = 1000;

    // An image's documents never change under its digests: they are read once, and not for every container that is listed or started.
    private readonly ConcurrentDictionary<(Digest Id, Digest Manifest), ImageRecord> _documents = new();

    public LayerStore Layers => layers;

    /// <summary>Called when an image came.</summary>
    public Action? Added { get; init; }

    /// <summary>
    /// One image by tag, digest, id or unique id prefix; of an index, the image for <paramref name="platform"/> or for this host. Throws <c>ImageNotFound</c>,
    /// <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>, <c>ImagePlatformNotFound</c>, <c>NotAnImage</c>.
    /// </summary>
    public ImageRecord Resolve(string reference, Platform? platform = null) => catalog.Read(connection => Load(connection, FindId(connection, reference, platform)));

    /// <summary>The same without names, index and sources, which containers do not need. Throws as <see cref="Resolve"/>.</summary>
    public ImageRecord ResolveContent(string reference, Platform? platform = null) => catalog.Read(connection => LoadContent(connection, FindId(connection, reference, platform)));

    /// <summary>Adds an image (or finds it there already) and sets tags, in one transaction.</summary>
    public ImageRecord Add(ImageAddition addition) => Add([addition], null)[0];

    /// <summary>Adds images, and the index they are of, in one transaction: none of them is seen without the others.</summary>
    public IReadOnlyList<ImageRecord> Add(IReadOnlyList<ImageAddition> additions, RootAddition? root)
    {
        var prepared = additions.Select(Prepare).ToList();
        var (records, freed) = catalog.WriteFreeing(connection =>
        {
            foreach (var image in prepared)
            {
                Insert(connection, image);
            }

            if (root is not null)
            {
                InsertRoot(connection, root, prepared.FirstOrDefault()?.Id);
            }

            return (prepared.ConvertAll(image => Load(connection, image.Id)), Sweep(connection));
        });
        CollectFreed(freed);
        Added?.Invoke();
        return records;
    }

    /// <summary>Notes that an image was of use.</summary>
    public void Touch(Digest image) => catalog.Write(connection => connection.Execute(
        "UPDATE images SET used = $now WHERE id = $id", ("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), ("$id", image.ToString())));

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

    private PreparedImage Prepare(ImageAddition addition)
    {
        var configJson = addition.ConfigJson ?? OciJson.Write(addition.Config);
        var id = Digest.Of(configJson);
        var records = (addition.Config.RootFilesystem.DiffIds ?? []).Select(layers.Get).ToList();
        var exact = CanKeep(addition, id, records);
        return new PreparedImage(addition, id, configJson, exact, exact ? addition.ManifestJson! : OciJson.Write(new ImageManifest
        {
            MediaType = MediaTypes.ImageManifest,
            Config = new Descriptor { MediaType = MediaTypes.ImageConfig, Digest = id, Size = configJson.Length },
            Layers = [.. records.Select(layer => new Descriptor { MediaType = layer.MediaType, Digest = layer.BlobDigest, Size = layer.BlobSize })],
            Annotations = addition.Annotations is { Count: > 0 } annotations ? annotations : null,
        }));
    }

    private void Insert(SqliteConnection connection, PreparedImage image)
    {
        var (addition, id) = (image.Addition, image.Id);
        var manifest = Digest.Of(image.ManifestJson);

        // A manifest that came from elsewhere is what the image is called by from now on; one made here only when it has none.
        connection.Execute(
            $"""
            INSERT INTO images (id, manifest_digest, created, architecture, config) VALUES ($id, $digest, $created, $architecture, $config)
            ON CONFLICT (id) DO {(image.Exact ? "UPDATE SET manifest_digest = $digest" : "NOTHING")}
            """,
            ("$id", id.ToString()),
            ("$digest", manifest.ToString()),
            ("$created", (addition.Config.Created ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds()),
            ("$architecture", addition.Config.Architecture),
            ("$config", System.Text.Encoding.UTF8.GetString(image.ConfigJson)));
        var diffIds = addition.Config.RootFilesystem.DiffIds ?? [];
        for (var position = 0; position < diffIds.Count; position++)
        {
            connection.Execute(
                "INSERT OR IGNORE INTO image_layers (image_id, position, diff_id) VALUES ($id, $position, $layer)",
                ("$id", id.ToString()),
                ("$position", position),
                ("$layer", diffIds[position].ToString()));
        }

        if (connection.Scalar<string>("SELECT manifest_digest FROM images WHERE id = $id", ("$id", id.ToString())) == manifest.ToString())
        {
            InsertManifest(connection, ManifestKind.Image, OciJson.ReadManifest(image.ManifestJson).MediaType ?? MediaTypes.ImageManifest, image.ManifestJson, id, null);
            KeepBlobs(connection, manifest, addition.Blobs);
        }

        foreach (var tag in addition.Tags)
        {
            SetName(connection, tag, id, null);
        }

        foreach (var (repository, digest) in addition.Sources)
        {
            AddSource(connection, repository, digest, id);
        }
    }

    private ImageRecord LoadContent(SqliteConnection connection, Digest id)
    {
        var manifest = Digest.Parse(connection.Scalar<string>("SELECT manifest_digest FROM images WHERE id = $id", ("$id", id.ToString())) ?? throw NotFound(id.ToString()));
        return _documents.GetOrAdd((id, manifest), _ => LoadDocuments(connection, id, manifest));
    }

    private ImageRecord Load(SqliteConnection connection, Digest id) => LoadContent(connection, id) with
    {
        Tags = connection.Query(
            """
            SELECT tag FROM tags WHERE image_id = $id
            UNION
            SELECT tag FROM tags
            WHERE manifest_digest IN (SELECT e.index_digest FROM manifests m JOIN index_entries e ON e.manifest_digest = m.digest WHERE m.image_id = $id)
            ORDER BY tag
            """,
            row => ImageReference.Parse(row.GetString(0)),
            ("$id", id.ToString())),
        Index = connection.Scalar<string>(
            "SELECT e.index_digest FROM manifests m JOIN index_entries e ON e.manifest_digest = m.digest WHERE m.image_id = $id ORDER BY e.index_digest LIMIT 1",
            ("$id", id.ToString())) is { } index ? Digest.Parse(index) : null,
        Sources = connection.Query(
            "SELECT repository, digest FROM image_sources WHERE image_id = $id ORDER BY repository, digest",
            row => ImageReference.Parse($"{row.GetString(0)}@{row.GetString(1)}"),
            ("$id", id.ToString())),
    };

    private ImageRecord LoadDocuments(SqliteConnection connection, Digest id, Digest manifestDigest)
    {
        if (_documents.Count >= MostDocuments)
        {
            _documents.Clear();
        }

        var configJson = System.Text.Encoding.UTF8.GetBytes(connection.Scalar<string>("SELECT config FROM images WHERE id = $id", ("$id", id.ToString()))!);
        var manifestJson = FindManifest(connection, manifestDigest)!.Content;
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

    /// <summary>A manifest from elsewhere is kept only if every blob it names can be given out again.</summary>
    private static bool CanKeep(ImageAddition addition, Digest id, List<LayerRecord> records)
    {
        if (addition.ManifestJson is not { } json || OciJson.ReadManifest(json) is not { } manifest || manifest.Config.Digest != id || manifest.Layers.Count != records.Count)
        {
            return false;
        }

        return manifest.Layers.Zip(records).All(pair => pair.First.Digest == pair.Second.BlobDigest || addition.Blobs.Any(blob => blob.Digest == pair.First.Digest));
    }

    private static ContainerToolsException NotFound(string reference) => new(
        ErrorKind.NotFound, "ImageNotFound", $"There is no image '{reference}'.", reference, "List the images with Get-Image; or import, pull (Receive-Image) or build it.");

    private sealed record PreparedImage(ImageAddition Addition, Digest Id, byte[] ConfigJson, bool Exact, byte[] ManifestJson);
}
