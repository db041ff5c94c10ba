using ContainerTools.Linux;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Storage;

/// <summary>The unpacked layers of a store. Thread-safe, and safe among processes.</summary>
internal sealed partial class LayerStore
{
    private const string RecordColumns = "diff_id, size, blob_digest, blob_size, media_type, has_structure";

    public LayerStore(StorePaths paths, Catalog catalog) => (Paths, Catalog) = (paths, catalog);

    public StorePaths Paths { get; }

    public Catalog Catalog { get; }

    /// <summary>True when the layer is in the store. It may go at any time unless something refers to it; see <see cref="Lease"/>.</summary>
    public bool Contains(Digest diffId) => Directory.Exists(PathOf(diffId)) && Catalog.Read(connection => Find(connection, diffId)) is not null;

    /// <summary>The layer's tree: an overlay lower directory.</summary>
    public string PathOf(Digest diffId) => Path.Combine(Paths.Layers, diffId.Hex);

    /// <summary>Where the layer's blob lies, if it has a file.</summary>
    public string BlobPathOf(Digest digest) => Path.Combine(Paths.BlobFiles, digest.Hex);

    /// <summary>Where the structure of the layer's tar lies, if its blob is not kept.</summary>
    public string StructurePathOf(Digest diffId) => Path.Combine(Paths.Structures, diffId.Hex);

    /// <summary>Bytes of the layer's regular files.</summary>
    public long SizeOf(Digest diffId) => Get(diffId).Size;

    /// <summary>The layer's record; throws <c>LayerNotFound</c>.</summary>
    public LayerRecord Get(Digest diffId) => Catalog.Read(connection => Find(connection, diffId)) ?? throw Missing(diffId);

    /// <summary>The error for a layer that the store does not have.</summary>
    public ContainerToolsException Missing(Digest diffId) => new(
        ErrorKind.NotFound, "LayerNotFound", $"The store {Paths.Root} has no layer {diffId}.", diffId.ToString(), "Import the image again.");

    /// <summary>The layer if the store has it, protected from garbage collection until <paramref name="work"/> is disposed; else null.</summary>
    public LayerRecord? Lease(Digest diffId, WorkDirectory work)
    {
        if (!Contains(diffId))
        {
            return null;
        }

        return Catalog.Write(connection =>
        {
            var record = Directory.Exists(PathOf(diffId)) ? Find(connection, diffId) : null;
            if (record is not null)
            {
                AddLease(connection, diffId, work);
            }

            return record;
        });
    }

    /// <summary>
    /// Reads a layer's blob once: verifies both digests, keeps the blob or what the tree lacks of it, unpacks the tree, and adds the layer, leased to <paramref name="work"/>.
    /// Nothing stays when it fails.
    /// </summary>
    public Task<LayerRecord> UnpackAsync(Stream blob, LayerSource source, WorkDirectory work, LayerLimits limits, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(source.Name, () => Unpack(blob, source, work, limits, cancellationToken)), cancellationToken);

    /// <summary>
    /// Makes a layer of a tree in overlay form (an upper directory: whiteouts are 0:0 character devices, opaque directories carry
    /// <c>trusted.overlay.opaque</c>) and leases it to <paramref name="work"/>. The tree is moved into the store; when the layer is there already,
    /// the tree is removed.
    /// </summary>
    public LayerRecord Commit(string treeDirectory, WorkDirectory work, LayerCommit? options = null) => Guard(treeDirectory, () =>
    {
        using var digest = new DigestWriter();
        using var buffered = new BufferedStream(digest, 64 * 1024);
        var (length, size) = LayerTar.Write(treeDirectory, buffered, options, CancellationToken.None);
        buffered.Flush();
        var diffId = digest.GetDigest();
        return Register(new LayerRecord(diffId, size, diffId, length, MediaTypes.Layer, BlobForm.Tree), treeDirectory, null, work);
    });

    /// <summary>
    /// Writes the blob that <see cref="LayerRecord.BlobDigest"/> names, and verifies it on the way; throws <c>DigestMismatch</c> when the store was
    /// changed behind the engine's back.
    /// </summary>
    public void WriteBlob(LayerRecord layer, Stream output, CancellationToken cancellationToken) => Guard(PathOf(layer.DiffId), () =>
    {
        using var digest = new DigestWriter(output);
        if (layer.Form != BlobForm.Tree)
        {
            using var blob = OpenBlob(layer);
            CopyTo(blob, digest, cancellationToken);
        }
        else
        {
            var buffered = new BufferedStream(digest, 64 * 1024);
            _ = LayerTar.Write(PathOf(layer.DiffId), buffered, null, cancellationToken);
            buffered.Flush();
        }

        return digest.GetDigest() == layer.BlobDigest
            ? layer
            : throw StoreErrors.DigestMismatch(PathOf(layer.DiffId), "the stored layer", layer.BlobDigest, digest.GetDigest());
    });

    /// <summary>Writes the layer's uncompressed tar and verifies it on the way.</summary>
    public void WriteTar(LayerRecord layer, Stream output, CancellationToken cancellationToken) => Guard(PathOf(layer.DiffId), () =>
    {
        if (layer.BlobDigest == layer.DiffId)
        {
            WriteBlob(layer, output, cancellationToken);
            return layer;
        }

        using var digest = new DigestWriter(output);
        using var file = OpenBlob(layer);
        using var plain = Compression.Open(file, Compression.Of(layer.MediaType));
        CopyTo(plain, digest, cancellationToken);
        return digest.GetDigest() == layer.DiffId
            ? layer
            : throw StoreErrors.DigestMismatch(PathOf(layer.DiffId), "the stored layer", layer.DiffId, digest.GetDigest());
    });

    /// <summary>Bytes of the uncompressed tar, found by reading it when it is stored compressed.</summary>
    public long TarLength(LayerRecord layer, CancellationToken cancellationToken)
    {
        if (layer.BlobDigest == layer.DiffId)
        {
            return layer.BlobSize;
        }

        using var counter = new DigestWriter();
        WriteTar(layer, counter, cancellationToken);
        return counter.Count;
    }

    private static void CopyTo(Stream source, Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        int count;
        while ((count = source.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(buffer.AsSpan(0, count));
        }
    }

    private static LayerRecord? Find(SqliteConnection connection, Digest diffId) => connection.Query(
        $"SELECT {RecordColumns} FROM layers WHERE diff_id = $id AND (unsynced_boot IS NULL OR unsynced_boot = $boot)",
        ReadRecord,
        ("$id", diffId.ToString()),
        ("$boot", BootId.Current)).FirstOrDefault();

    private static LayerRecord ReadRecord(SqliteDataReader row)
    {
        var diffId = Digest.Parse(row.GetString(0));
        return new LayerRecord(
            diffId,
            row.GetInt64(1),
            row.IsDBNull(2) ? diffId : Digest.Parse(row.GetString(2)),
            row.IsDBNull(3) ? 0 : row.GetInt64(3),
            row.IsDBNull(4) ? MediaTypes.Layer : row.GetString(4),
            !row.IsDBNull(2) ? BlobForm.File : row.GetBoolean(5) ? BlobForm.Structure : BlobForm.Tree);
    }

    private static void AddLease(SqliteConnection connection, Digest diffId, WorkDirectory work) => connection.Execute(
        "INSERT OR IGNORE INTO layer_leases (diff_id, work_id) VALUES ($id, $work)", ("$id", diffId.ToString()), ("$work", work.Id));

    private static T Guard<T>(string subject, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (StoreErrors.Translate(error, subject) is var translated && !ReferenceEquals(translated, error))
        {
            throw translated;
        }
    }

    private static void RemoveTree(string path)
    {
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        parent.RemoveTree(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)));
    }

    private Stream OpenBlob(LayerRecord layer) => layer.Form == BlobForm.Structure
        ? new RebuiltTar(StructurePathOf(layer.DiffId), PathOf(layer.DiffId))
        : new FileStream(BlobPathOf(layer.BlobDigest), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
}
