using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <content>Whether layers are as they were when they came.</content>
internal sealed partial class LayerStore
{
    /// <summary>All layers; whether each is in doubt.</summary>
    public IReadOnlyList<(LayerRecord Layer, bool InDoubt)> List() => Catalog.Read(connection => connection.Query(
        $"SELECT {RecordColumns}, unsynced_boot IS NOT NULL AND unsynced_boot <> $boot FROM layers ORDER BY diff_id",
        row => (ReadRecord(row), row.GetBoolean(6)),
        ("$boot", BootId.Current)));

    /// <summary>What of a layer is missing; null when nothing is, or the layer has gone meanwhile.</summary>
    public LayerFault? FindMissing(LayerRecord layer)
    {
        // A removal takes row and files away under the write lock: only under it does the one without the other mean anything.
        return Missing() is null ? null : Catalog.Write(connection => connection.Scalar<long>("SELECT COUNT(*) FROM layers WHERE diff_id = $id", ("$id", layer.DiffId.ToString())) == 0 ? null : Missing());

        LayerFault? Missing() =>
            !Directory.Exists(PathOf(layer.DiffId)) ? LayerFault.TreeMissing
            : layer.Form == BlobForm.File && !File.Exists(BlobPathOf(layer.BlobDigest)) ? LayerFault.BlobMissing
            : layer.Form == BlobForm.Structure && !File.Exists(StructurePathOf(layer.DiffId)) ? LayerFault.StructureMissing
            : null;
    }

    /// <summary>Reads all of a layer of which nothing is missing, and compares it with its digests; null when it is as it was.</summary>
    public LayerFault? FindChanged(LayerRecord layer, CancellationToken cancellationToken)
    {
        try
        {
            WriteBlob(layer, Stream.Null, cancellationToken);
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.DataLoss)
        {
            return layer.Form == BlobForm.File ? LayerFault.BlobChanged : LayerFault.TreeLost;
        }

        // A tree of its own tar has been compared by that. Another may differ in what the tar does not show of it: it is compared with what the tar makes.
        return layer.Form == BlobForm.Tree || Matches(layer, cancellationToken) ? null : LayerFault.TreeChanged;
    }

    /// <summary>True when a blob is what its digest says.</summary>
    public bool IsBlobWhole(Digest blob, CancellationToken cancellationToken) => Guard(BlobPathOf(blob), () =>
    {
        using var file = new FileStream(BlobPathOf(blob), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        using var reader = new BlobReader(file, null, cancellationToken);
        return reader.Finish() == blob;
    });

    /// <summary>Unpacks a layer once more from what is kept of its tar, in place of its tree; false when that is not what it was either, and all stays as it is.</summary>
    public bool Restore(LayerRecord layer, CancellationToken cancellationToken)
    {
        // As after a power cut: until it is whole it counts as missing, whatever happens to this process.
        const string Doubt = "restoring";
        Catalog.Write(connection => connection.Execute(
            "UPDATE layers SET unsynced_boot = $doubt WHERE diff_id = $id AND (unsynced_boot IS NULL OR unsynced_boot = $boot)",
            ("$doubt", Doubt), ("$boot", BootId.Current), ("$id", layer.DiffId.ToString())));
        if (Recover(cancellationToken).Contains(layer.DiffId))
        {
            return true;
        }

        Catalog.Write(connection => connection.Execute("UPDATE layers SET unsynced_boot = NULL WHERE diff_id = $id AND unsynced_boot = $doubt", ("$doubt", Doubt), ("$id", layer.DiffId.ToString())));
        return false;
    }

    private bool Matches(LayerRecord layer, CancellationToken cancellationToken) => Guard(PathOf(layer.DiffId), () =>
    {
        using var work = WorkDirectory.Create(this, "check");
        var tree = work.NewDirectory("tree");
        var source = new LayerSource { Name = PathOf(layer.DiffId), DiffId = layer.DiffId };
        using (var blob = OpenBlob(layer))
        using (var plain = layer.Form == BlobForm.File ? Compression.Open(blob, Compression.Of(layer.MediaType)) : blob)
        {
            _ = UnpackTree(plain, source, tree, LayerLimits.ForImport(), null);
        }

        return DigestOf(tree, cancellationToken) == DigestOf(PathOf(layer.DiffId), cancellationToken);
    });

    private static Digest DigestOf(string tree, CancellationToken cancellationToken)
    {
        using var digest = new DigestWriter();
        using var buffered = new BufferedStream(digest, 64 * 1024);
        _ = LayerTar.Write(tree, buffered, null, cancellationToken);
        buffered.Flush();
        return digest.GetDigest();
    }
}
