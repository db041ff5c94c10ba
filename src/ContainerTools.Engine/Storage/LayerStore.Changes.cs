using ContainerTools.Oci;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Storage;

/// <content>What adds layers to the store.</content>
internal sealed partial class LayerStore
{
    private const UnixFileMode StoreMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    private LayerRecord Unpack(Stream blob, LayerSource source, WorkDirectory work, LayerLimits limits, CancellationToken cancellationToken)
    {
        var tree = work.NewDirectory("tree");
        var blobFile = work.NewPath("blob");
        try
        {
            long size;
            string mediaType;
            Digest blobDigest;
            Digest diffId;
            long blobSize;
            using (var copy = new FileStream(blobFile, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0))
            using (var reader = new BlobReader(blob, copy, source.Progress, cancellationToken) { Meter = BlobMeter(source) })
            {
                var compression = Compression.Detect(reader.Peek(Compression.MagicLength));
                mediaType = Compression.LayerMediaType(compression, source.Name);
                if (mediaType == MediaTypes.Layer)
                {
                    reader.Meter += TreeMeter(source, limits);
                    size = UnpackTree(reader, source, tree, limits);
                    blobDigest = diffId = reader.Finish();
                }
                else
                {
                    using var plain = Compression.Open(reader, compression);
                    using var tar = new BlobReader(plain, null, null, cancellationToken) { Meter = TreeMeter(source, limits) };
                    size = UnpackTree(tar, source, tree, limits);
                    diffId = tar.Finish();
                    blobDigest = reader.Finish();
                }

                blobSize = reader.Count;
            }

            Verify(source, "the layer's blob", source.BlobDigest, blobDigest);
            Verify(source, "the uncompressed layer", source.DiffId, diffId);
            return Register(new LayerRecord(diffId, size, blobDigest, blobSize, mediaType, HasBlobFile: true), tree, blobFile, work);
        }
        catch
        {
            RemoveTree(tree);
            File.Delete(blobFile);
            throw;
        }
    }

    private static long UnpackTree(Stream plain, LayerSource source, string tree, LayerLimits limits)
    {
        using var unpacker = new LayerUnpacker(tree, source.Name, limits.MaximumEntries);
        using var ahead = new ReadAhead(plain);
        var tar = new TarReader(ahead, requireEnd: source.DiffId is null && source.BlobDigest is null);
        unpacker.Unpack(tar);
        tar.Drain();
        return unpacker.Size;
    }

    private static Action<int>? BlobMeter(LayerSource source)
    {
        if (source.BlobSize is not { } expected)
        {
            return null;
        }

        var seen = 0L;
        return count =>
        {
            if ((seen += count) > expected)
            {
                throw new ContainerToolsException(
                    ErrorKind.DataLoss, "SizeMismatch", $"{source.Name}: the blob is longer than the {expected} bytes its descriptor states.", source.Name);
            }
        };
    }

    private static Action<int> TreeMeter(LayerSource source, LayerLimits limits) => count =>
    {
        if (!limits.Budget.TrySpend(count))
        {
            throw new ContainerToolsException(
                ErrorKind.ResourceExhausted,
                "LayerTooLarge",
                $"{source.Name} unpacks to more than the {limits.Budget.Limit} bytes allowed.",
                source.Name,
                "If you trust the image, raise the limit (-MaximumSize).");
        }
    };

    private static void Verify(LayerSource source, string what, Digest? expected, Digest actual)
    {
        if (expected is { } digest && digest != actual)
        {
            throw StoreErrors.DigestMismatch(source.Name, what, digest, actual);
        }
    }

    /// <summary>Moves tree and blob into the store and writes the row, all under the catalogue's write lock, so that two processes never meet.</summary>
    private LayerRecord Register(LayerRecord record, string tree, string? blobFile, WorkDirectory work)
    {
        Directory.CreateDirectory(Paths.Layers, StoreMode);
        Directory.CreateDirectory(Path.Combine(Paths.Blobs, "sha256"), StoreMode);
        var result = Catalog.Write(connection =>
        {
            var path = PathOf(record.DiffId);
            var known = Find(connection, record.DiffId);
            if (known is null || !Directory.Exists(path))
            {
                if (Directory.Exists(path))
                {
                    // Left by a process that was killed between moving the tree and writing the row.
                    Directory.Move(path, work.NewPath("orphan"));
                }

                Directory.Move(tree, path);
                if (blobFile is not null)
                {
                    File.Move(blobFile, BlobPathOf(record.BlobDigest), overwrite: true);
                }

                known = record;
                connection.Execute(
                    """
                    INSERT INTO layers (diff_id, size, blob_digest, blob_size, media_type, created, unsynced_boot) VALUES ($id, $size, $blob, $blobSize, $type, $now, $boot)
                    ON CONFLICT (diff_id) DO UPDATE SET size = $size, blob_digest = $blob, blob_size = $blobSize, media_type = $type, unsynced_boot = $boot
                    """,
                    ("$id", record.DiffId.ToString()),
                    ("$size", record.Size),
                    ("$blob", record.HasBlobFile ? record.BlobDigest.ToString() : null),
                    ("$blobSize", record.BlobSize),
                    ("$type", record.MediaType),
                    ("$boot", BootId.Current),
                    ("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            }

            AddLease(connection, record.DiffId, work);
            return known;
        });
        if (!ReferenceEquals(result, record))
        {
            RemoveTree(tree);
            if (blobFile is not null)
            {
                File.Delete(blobFile);
            }
        }

        return result;
    }
}
