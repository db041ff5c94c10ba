using ContainerTools.Oci;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Storage;

/// <content>What makes trees of blobs.</content>
internal sealed partial class LayerStore
{
    private LayerRecord Unpack(Stream blob, LayerSource source, WorkDirectory work, LayerLimits limits, CancellationToken cancellationToken)
    {
        var tree = work.NewDirectory("tree");
        var kept = work.NewPath("blob");
        try
        {
            LayerRecord layer;
            using (var reader = new BlobReader(blob, source.Progress, cancellationToken) { Meter = BlobMeter(source) })
            {
                var compression = Compression.Detect(reader.Peek(Compression.MagicLength));
                layer = compression == CompressionKind.None && source.Reopen is not null
                    ? UnpackStructured(reader, source, tree, kept, limits, cancellationToken)
                    : UnpackCopying(reader, compression, source, tree, kept, limits, cancellationToken);
            }

            Verify(source, "the layer's blob", source.BlobDigest, layer.BlobDigest);
            Verify(source, "the uncompressed layer", source.DiffId, layer.DiffId);
            return Register(layer, tree, layer.Form == BlobForm.File ? source.BlobFile ?? kept : kept, work);
        }
        catch
        {
            RemoveTree(tree);
            File.Delete(kept);
            throw;
        }
    }

    /// <summary>Keeps a copy of the blob: a compressed one could not be made again bit by bit.</summary>
    private static LayerRecord UnpackCopying(
        BlobReader reader, CompressionKind compression, LayerSource source, string tree, string kept, LayerLimits limits, CancellationToken cancellationToken)
    {
        var mediaType = Compression.LayerMediaType(compression, source.Name);
        using var copy = source.BlobFile is null ? new FileStream(kept, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0) : null;
        if (copy is not null)
        {
            reader.CopyWhileReading(copy);
        }

        if (compression == CompressionKind.None)
        {
            reader.Meter += TreeMeter(source, limits);
            var (size, _) = UnpackTree(reader, source, tree, limits, null);
            var digest = reader.Finish();
            return new LayerRecord(digest, size, digest, reader.Count, mediaType, BlobForm.File);
        }

        using var plain = Compression.Open(reader, compression);
        using var tar = new BlobReader(plain, null, cancellationToken) { Meter = TreeMeter(source, limits) };
        var (treeSize, _) = UnpackTree(tar, source, tree, limits, null);
        return new LayerRecord(tar.Finish(), treeSize, reader.Finish(), reader.Count, mediaType, BlobForm.File);
    }

    /// <summary>Keeps what the tree does not have, unless an entry is replaced by a later one: what that held is in the blob only, which is read again.</summary>
    private static LayerRecord UnpackStructured(BlobReader reader, LayerSource source, string tree, string kept, LayerLimits limits, CancellationToken cancellationToken)
    {
        reader.Meter += TreeMeter(source, limits);
        long size;
        bool rebuildable;
        using (var structure = TarStructureWriter.Create(kept))
        {
            (size, rebuildable) = UnpackTree(reader, source, tree, limits, structure);
        }

        var digest = reader.Finish();
        var layer = new LayerRecord(digest, size, digest, reader.Count, MediaTypes.Layer, BlobForm.Structure);
        if (rebuildable)
        {
            return layer;
        }

        File.Delete(kept);
        if (source.BlobFile is not null)
        {
            return layer with { Form = BlobForm.File };
        }

        using var blob = source.Reopen!();
        using var again = new BlobReader(blob, null, cancellationToken);
        using var copy = new FileStream(kept, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
        again.CopyWhileReading(copy);
        Verify(source, "the layer read again", digest, again.Finish());
        return layer with { Form = BlobForm.File };
    }

    private static (long Size, bool Rebuildable) UnpackTree(Stream plain, LayerSource source, string tree, LayerLimits limits, TarStructureWriter? structure)
    {
        using var unpacker = new LayerUnpacker(tree, source.Name, limits.MaximumEntries, structure);
        using var ahead = new ReadAhead(plain);
        unpacker.Unpack(new TarReader(ahead, requireEnd: source.DiffId is null && source.BlobDigest is null));
        return (unpacker.Size, unpacker.IsRebuildable);
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
}
