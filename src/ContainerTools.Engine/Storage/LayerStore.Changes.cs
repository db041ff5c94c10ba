using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <content>What adds layers to the store.</content>
internal sealed partial class LayerStore
{
    private const UnixFileMode StoreMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    /// <summary>Moves the tree and what is kept of the blob into the store and writes the row, all under the catalogue's write lock, so that two processes never meet.</summary>
    private LayerRecord Register(LayerRecord record, string tree, string? kept, WorkDirectory work)
    {
        Directory.CreateDirectory(Paths.Layers, StoreMode);
        Directory.CreateDirectory(Paths.Structures, StoreMode);
        Directory.CreateDirectory(Paths.BlobFiles, StoreMode);
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
                if (kept is not null)
                {
                    File.Move(kept, record.Form == BlobForm.File ? BlobPathOf(record.BlobDigest) : StructurePathOf(record.DiffId), overwrite: true);
                }

                known = record;
                connection.Execute(
                    """
                    INSERT INTO layers (diff_id, size, blob_digest, blob_size, media_type, has_structure, created, unsynced_boot)
                    VALUES ($id, $size, $blob, $blobSize, $type, $structure, $now, $boot)
                    ON CONFLICT (diff_id) DO UPDATE
                    SET size = $size, blob_digest = $blob, blob_size = $blobSize, media_type = $type, has_structure = $structure, unsynced_boot = $boot
                    """,
                    ("$id", record.DiffId.ToString()),
                    ("$size", record.Size),
                    ("$blob", record.Form == BlobForm.File ? record.BlobDigest.ToString() : null),
                    ("$blobSize", record.BlobSize),
                    ("$type", record.MediaType),
                    ("$structure", record.Form == BlobForm.Structure),
                    ("$boot", BootId.Current),
                    ("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            }

            AddLease(connection, record.DiffId, work);
            return known;
        });
        if (!ReferenceEquals(result, record))
        {
            RemoveTree(tree);
            if (kept is not null)
            {
                File.Delete(kept);
            }
        }

        return result;
    }
}
