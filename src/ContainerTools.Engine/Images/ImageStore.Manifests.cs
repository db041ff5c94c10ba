using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <content>Manifests, indexes and artifacts.</content>
internal sealed partial class ImageStore
{
    private const string ManifestColumns = "digest, kind, media_type, content, image_id, created";

    /// <summary>A manifest by its digest; null when the store has none.</summary>
    public ManifestRecord? FindManifest(Digest digest) => catalog.Read(connection => FindManifest(connection, digest));

    /// <summary>Indexes and artifacts, oldest first, with their names.</summary>
    public IReadOnlyList<(ManifestRecord Manifest, IReadOnlyList<ImageReference> Names)> ListRoots(ManifestKind kind) => catalog.Read(connection => connection
        .Query($"SELECT {ManifestColumns} FROM manifests WHERE kind = $kind ORDER BY created, digest", ReadManifestRow, ("$kind", NameOf(kind)))
        .ConvertAll(manifest => (manifest, (IReadOnlyList<ImageReference>)NamesOf(connection, manifest.Digest))));

    /// <summary>Names of an index or artifact.</summary>
    public IReadOnlyList<ImageReference> NamesOf(Digest root) => catalog.Read(connection => NamesOf(connection, root));

    /// <summary>Artifacts that are about a manifest: attestations of an index say so by an annotation, others by their subject.</summary>
    public IReadOnlyList<ManifestRecord> ArtifactsAbout(Digest subject) => catalog.Read(connection => connection
        .Query($"SELECT {ManifestColumns} FROM manifests WHERE kind = 'artifact' AND subject = $subject ORDER BY digest", ReadManifestRow, ("$subject", subject.ToString())));

    /// <summary>Adds an index or artifact (or finds it there already) and gives it names, in one transaction.</summary>
    public ManifestRecord AddRoot(RootAddition addition)
    {
        var (added, freed) = catalog.WriteFreeing(connection =>
        {
            InsertRoot(connection, addition, null);
            return (FindManifest(connection, Digest.Of(addition.Content))!, Sweep(connection));
        });
        CollectFreed(freed);
        return added;
    }

    /// <summary>Notes where an image was pulled from or pushed to.</summary>
    public void AddSource(Digest image, string repository, Digest digest) => catalog.Write(connection => AddSource(connection, repository, digest, image));

    /// <summary>Repositories of a registry that have, or had, an image with this layer.</summary>
    public IReadOnlyList<string> RepositoriesWith(Digest layer, string registry) => catalog.Read(connection => connection.Query(
        "SELECT DISTINCT s.repository FROM image_sources s JOIN image_layers l ON l.image_id = s.image_id WHERE l.diff_id = $layer ORDER BY s.repository",
        row => row.GetString(0),
        ("$layer", layer.ToString()))).Where(name => name.StartsWith(registry + "/", StringComparison.Ordinal)).Select(name => name[(registry.Length + 1)..]).ToList();

    private void InsertRoot(SqliteConnection connection, RootAddition addition, Digest? image)
    {
        foreach (var member in addition.Members)
        {
            InsertRoot(connection, member, null);
        }

        var digest = Digest.Of(addition.Content);
        InsertManifest(connection, addition.Kind, addition.MediaType, addition.Content, null, addition.Subject);
        KeepBlobs(connection, digest, addition.Blobs);

        // Of what is here now, this host's; else what has just come.
        var containers = addition is { Names.Count: > 0, Kind: ManifestKind.Index }
            ? ImagesOf(connection, FindManifest(connection, digest)!).Where(entry => Platform.Host.Matches(entry.Platform)).Select(entry => (Digest?)entry.Image).FirstOrDefault() ?? image
            : image;
        foreach (var name in addition.Names)
        {
            SetName(connection, name, containers, digest);
        }
    }

    private static void AddSource(SqliteConnection connection, string repository, Digest digest, Digest image) => connection.Execute(
        "INSERT OR IGNORE INTO image_sources (repository, digest, image_id) VALUES ($repository, $digest, $image)",
        ("$repository", repository),
        ("$digest", digest.ToString()),
        ("$image", image.ToString()));

    private static void InsertManifest(SqliteConnection connection, ManifestKind kind, string mediaType, byte[] content, Digest? image, Digest? subject)
    {
        var digest = Digest.Of(content);
        connection.Execute(
            """
            INSERT INTO manifests (digest, kind, media_type, content, image_id, subject, created) VALUES ($digest, $kind, $type, $content, $image, $subject, $now)
            ON CONFLICT (digest) DO NOTHING
            """,
            ("$digest", digest.ToString()),
            ("$kind", NameOf(kind)),
            ("$type", mediaType),
            ("$content", content),
            ("$image", image?.ToString()),
            ("$subject", subject?.ToString()),
            ("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        if (kind == ManifestKind.Index)
        {
            InsertMembers(connection, digest, content);
        }
    }

    private static void InsertMembers(SqliteConnection connection, Digest index, byte[] content)
    {
        var entries = OciJson.ReadIndex(content).Manifests;
        for (var position = 0; position < entries.Count; position++)
        {
            connection.Execute(
                "INSERT OR IGNORE INTO index_entries (index_digest, position, manifest_digest) VALUES ($index, $position, $entry)",
                ("$index", index.ToString()),
                ("$position", position),
                ("$entry", entries[position].Digest.ToString()));
        }
    }

    /// <summary>Moves blobs into place; needs the write lock, so that nobody takes them for orphans in between.</summary>
    private void KeepBlobs(SqliteConnection connection, Digest manifest, IReadOnlyList<KeptBlob> blobs)
    {
        foreach (var blob in blobs)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(layers.BlobPathOf(blob.Digest))!);
            if (!File.Exists(layers.BlobPathOf(blob.Digest)))
            {
                File.Move(blob.Path, layers.BlobPathOf(blob.Digest));
            }

            connection.Execute(
                "INSERT OR IGNORE INTO manifest_blobs (manifest_digest, digest, size) VALUES ($manifest, $digest, $size)",
                ("$manifest", manifest.ToString()),
                ("$digest", blob.Digest.ToString()),
                ("$size", blob.Size));
        }
    }

    private static ManifestRecord? FindManifest(SqliteConnection connection, Digest digest) => connection
        .Query($"SELECT {ManifestColumns} FROM manifests WHERE digest = $digest", ReadManifestRow, ("$digest", digest.ToString())).FirstOrDefault();

    private static ManifestRecord ReadManifestRow(SqliteDataReader row) => new(
        Digest.Parse(row.GetString(0)),
        Enum.Parse<ManifestKind>(row.GetString(1), ignoreCase: true),
        row.GetString(2),
        row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : Digest.Parse(row.GetString(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)));

    private static List<ImageReference> NamesOf(SqliteConnection connection, Digest root) => connection.Query(
        "SELECT tag FROM tags WHERE manifest_digest = $root ORDER BY tag", row => ImageReference.Parse(row.GetString(0)), ("$root", root.ToString()));

    private static string NameOf(ManifestKind kind) => kind.ToString().ToLowerInvariant();
}
