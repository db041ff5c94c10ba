using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <content>
/// What a power cut takes. Waiting for the disk would double the time of an import, so a layer is registered while its files may be in memory only, and its
/// row says so with the machine's boot id. Once the files are on the disk the mark goes; a mark of another boot means that nobody knows what the disk has,
/// and such a layer counts as missing until <see cref="Recover"/> has looked at it.
/// </content>
internal sealed partial class LayerStore
{
    /// <summary>Layers that are in memory only, as far as is known.</summary>
    public IReadOnlyList<Digest> FindUnsettled() => Catalog.Read(connection => connection.Query(
        "SELECT diff_id FROM layers WHERE unsynced_boot = $boot", row => Digest.Parse(row.GetString(0)), ("$boot", BootId.Current)));

    /// <summary>Brings everything to the disk (syncfs(2), which waits for all of the file system).</summary>
    public void Sync()
    {
        using var root = DirectoryHandle.Open(Paths.Root);
        root.SyncFileSystem();
    }

    /// <summary>Takes the marks of layers away that were found before <see cref="Sync"/>.</summary>
    public void MarkSettled(IReadOnlyList<Digest> layers) => Catalog.Write(connection =>
    {
        foreach (var layer in layers)
        {
            connection.Execute("UPDATE layers SET unsynced_boot = NULL WHERE diff_id = $id AND unsynced_boot = $boot", ("$id", layer.ToString()), ("$boot", BootId.Current));
        }
    });

    /// <summary>
    /// Examines the layers that the last shutdown left in doubt: one whose blob is kept, or can be put together, is unpacked from it again, any other is read whole. What is not as its
    /// digest says stays missing. Returns those that are usable again.
    /// </summary>
    public IReadOnlyList<Digest> Recover(CancellationToken cancellationToken)
    {
        var doubtful = Catalog.Read(connection => connection.Query(
            $"SELECT {RecordColumns} FROM layers WHERE unsynced_boot IS NOT NULL AND unsynced_boot <> $boot", ReadRecord, ("$boot", BootId.Current)));
        if (doubtful.Count == 0)
        {
            return [];
        }

        using var work = Guard(Paths.Work, () => WorkDirectory.Create(this, "recover"));
        return [.. doubtful.Where(layer => IsWhole(layer, work, cancellationToken)).Select(layer => layer.DiffId)];
    }

    private bool IsWhole(LayerRecord layer, WorkDirectory work, CancellationToken cancellationToken)
    {
        try
        {
            if (layer.Form != BlobForm.Tree)
            {
                // Blob or structure stay where they are: a copy takes part in the unpacking, and replaces them.
                using var blob = OpenBlob(layer);
                var source = new LayerSource
                {
                    Name = PathOf(layer.DiffId),
                    BlobDigest = layer.BlobDigest,
                    DiffId = layer.DiffId,
                    // A layer that has a structure gets one again.
                    Reopen = layer.Form == BlobForm.Structure ? () => OpenBlob(layer) : null,
                };
                _ = Guard(source.Name, () => Unpack(blob, source, work, LayerLimits.ForImport(), cancellationToken));
                return true;
            }

            WriteBlob(layer, Stream.Null, cancellationToken);
            return Catalog.Write(connection => connection.Execute(
                "UPDATE layers SET unsynced_boot = $boot WHERE diff_id = $id", ("$boot", BootId.Current), ("$id", layer.DiffId.ToString()))) > 0;
        }
        catch (Exception error) when (error is ContainerToolsException or IOException)
        {
            // Damaged, or no space to find out: it stays missing, and the store opens all the same.
            return false;
        }
    }
}
