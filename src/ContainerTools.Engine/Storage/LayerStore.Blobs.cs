using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <content>Blobs by their own digest: layers' and manifests'.</content>
internal sealed partial class LayerStore
{
    /// <summary>Bytes of a blob that the store can give out; null when it cannot.</summary>
    public long? FindBlob(Digest digest) => FindLayerByBlob(digest)?.BlobSize ?? Catalog.Read(connection => connection
        .Query("SELECT size FROM manifest_blobs WHERE digest = $digest LIMIT 1", row => row.GetInt64(0), ("$digest", digest.ToString()))
        .Select(size => (long?)size)
        .FirstOrDefault());

    /// <summary>Writes a blob and verifies it on the way. Throws <c>BlobNotFound</c>, <c>DigestMismatch</c>.</summary>
    public void WriteBlob(Digest digest, Stream output, CancellationToken cancellationToken)
    {
        if (FindLayerByBlob(digest) is { } layer)
        {
            WriteBlob(layer, output, cancellationToken);
            return;
        }

        Guard(BlobPathOf(digest), () =>
        {
            using var hash = new DigestWriter(output);
            using var file = File.Exists(BlobPathOf(digest))
                ? new FileStream(BlobPathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)
                : throw new ContainerToolsException(
                    ErrorKind.NotFound, "BlobNotFound", $"The store {Paths.Root} has no blob {digest}.", digest.ToString(), "Pull the image again (Receive-Image).");
            CopyTo(file, hash, cancellationToken);
            return hash.GetDigest() == digest ? digest : throw StoreErrors.DigestMismatch(BlobPathOf(digest), "the stored blob", digest, hash.GetDigest());
        });
    }

    /// <summary>A second name, in a work directory, for a blob that is kept for a manifest: it stays whatever becomes of that. Null when there is no such blob.</summary>
    public string? TryHoldBlob(Digest digest, WorkDirectory work)
    {
        var path = work.NewPath("blob");
        using var from = DirectoryHandle.Open(Path.GetDirectoryName(BlobPathOf(digest))!);
        using var to = DirectoryHandle.Open(work.Path);
        var name = System.Text.Encoding.UTF8.GetBytes(digest.Hex);
        return from.TryGetStatus(name) is not null && to.TryMakeHardLink(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)), from, name) ? path : null;
    }

    /// <summary>What compressing a layer gave the last time; null when nobody knows.</summary>
    public (Digest Digest, long Size)? FindCompressed(Digest diffId, string compression, int level) => Catalog.Read(connection => connection.Query(
        "SELECT digest, size FROM layer_blobs WHERE diff_id = $layer AND compression = $kind AND level = $level",
        row => ((Digest, long)?)(Digest.Parse(row.GetString(0)), row.GetInt64(1)),
        ("$layer", diffId.ToString()),
        ("$kind", compression),
        ("$level", level))).FirstOrDefault();

    /// <summary>Remembers what compressing a layer gave, as long as the layer is here.</summary>
    public void RememberCompressed(Digest diffId, string compression, int level, Digest digest, long size) => Catalog.Write(connection => connection.Execute(
        """
        INSERT INTO layer_blobs (diff_id, compression, level, digest, size) SELECT $layer, $kind, $level, $digest, $size WHERE EXISTS (SELECT 1 FROM layers WHERE diff_id = $layer)
        ON CONFLICT (diff_id, compression, level) DO UPDATE SET digest = $digest, size = $size
        """,
        ("$layer", diffId.ToString()),
        ("$kind", compression),
        ("$level", level),
        ("$digest", digest.ToString()),
        ("$size", size)));

    private LayerRecord? FindLayerByBlob(Digest digest) => Catalog.Read(connection => connection.Query(
        $"SELECT {RecordColumns} FROM layers WHERE (blob_digest = $digest OR (blob_digest IS NULL AND diff_id = $digest)) AND (unsynced_boot IS NULL OR unsynced_boot = $boot) LIMIT 1",
        ReadRecord,
        ("$digest", digest.ToString()),
        ("$boot", BootId.Current)).FirstOrDefault());
}
