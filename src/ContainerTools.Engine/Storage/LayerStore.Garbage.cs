using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Storage;

/// <content>Layers that nothing needs.</content>
internal sealed partial class LayerStore
{
    /// <summary>Layers that no image, build cache row or live lease refers to, and those that a reboot or a lost tree has made useless and no image names.</summary>
    public IReadOnlyList<Digest> FindGarbage() => Catalog.Read(FindGarbage);

    /// <summary>Removes the garbage among <paramref name="candidates"/> (null: among all layers); returns what went.</summary>
    public IReadOnlyList<Digest> CollectGarbage(IReadOnlyCollection<Digest>? candidates = null)
    {
        if (!FindGarbage().Any(layer => candidates is null || candidates.Contains(layer)))
        {
            return [];
        }

        using var trash = WorkDirectory.Create(this, "remove");
        return Catalog.WriteFreeing(connection =>
        {
            var removed = FindGarbage(connection).Where(layer => candidates is null || candidates.Contains(layer)).ToList();
            foreach (var diffId in removed)
            {
                var blob = connection.Scalar<string>("SELECT blob_digest FROM layers WHERE diff_id = $id", ("$id", diffId.ToString()));
                connection.Execute("DELETE FROM build_cache WHERE diff_id = $id", ("$id", diffId.ToString()));
                connection.Execute("DELETE FROM layers WHERE diff_id = $id", ("$id", diffId.ToString()));
                MoveAway(connection, diffId, blob is null ? null : Digest.Parse(blob), trash);
            }

            return removed;
        });
    }

    /// <summary>Trees, structures and blobs without a row: left by a process that was killed between moving them into place and writing the row.</summary>
    public IReadOnlyList<string> FindOrphans() => Catalog.Write(FindOrphans);

    /// <summary>Removes one of them; false when it is none any more.</summary>
    public bool RemoveOrphan(string path)
    {
        using var trash = WorkDirectory.Create(this, "remove");
        return Catalog.Write(connection =>
        {
            var isOrphan = FindOrphans(connection).Contains(path);
            if (isOrphan)
            {
                Directory.Move(path, trash.NewPath("orphan"));
            }

            return isOrphan;
        });
    }

    /// <summary>Makes the build cache forget a layer, which goes with it unless an image has it; false while an operation in flight relies on it.</summary>
    public bool Forget(Digest diffId)
    {
        var forgotten = Catalog.WriteFreeing(connection =>
        {
            var isLeased = connection
                .Query("SELECT work_id FROM layer_leases WHERE diff_id = $id", row => row.GetString(0), ("$id", diffId.ToString()))
                .Exists(work => WorkDirectory.IsAlive(Paths, work));
            return !isLeased && connection.Execute("DELETE FROM build_cache WHERE diff_id = $id", ("$id", diffId.ToString())) > 0;
        });
        if (forgotten)
        {
            _ = CollectGarbage([diffId]);
        }

        return forgotten;
    }

    /// <summary>Removes those of the blobs that neither a layer nor a manifest has any more.</summary>
    public void CollectBlobs(IReadOnlyCollection<Digest> candidates)
    {
        using var trash = WorkDirectory.Create(this, "remove");
        Catalog.Write(connection =>
        {
            foreach (var path in FindOrphans(connection).Intersect(candidates.Select(BlobPathOf)))
            {
                File.Move(path, trash.NewPath("blob"));
            }
        });
    }

    /// <summary>Needs the write lock: without it a file may have been moved into place whose row is just being written.</summary>
    private List<string> FindOrphans(SqliteConnection connection)
    {
        var known = connection.Query("SELECT diff_id FROM layers", row => PathOf(Digest.Parse(row.GetString(0))))
            .Concat(connection.Query("SELECT blob_digest FROM layers WHERE blob_digest IS NOT NULL", row => BlobPathOf(Digest.Parse(row.GetString(0)))))
            .Concat(connection.Query("SELECT digest FROM manifest_blobs", row => BlobPathOf(Digest.Parse(row.GetString(0)))))
            .Concat(connection.Query("SELECT diff_id FROM layers WHERE has_structure", row => StructurePathOf(Digest.Parse(row.GetString(0)))))
            .ToHashSet(StringComparer.Ordinal);
        return [.. new[] { Paths.Layers, Paths.Structures, Paths.BlobFiles }.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Where(path => !known.Contains(path))];
    }

    private List<Digest> FindGarbage(SqliteConnection connection)
    {
        var leases = connection
            .Query("SELECT diff_id, work_id FROM layer_leases", row => (DiffId: row.GetString(0), Work: row.GetString(1)))
            .ToLookup(lease => lease.DiffId, lease => lease.Work);
        var rows = connection.Query(
            """
            SELECT diff_id,
                   EXISTS (SELECT 1 FROM build_cache WHERE build_cache.diff_id = layers.diff_id),
                   unsynced_boot IS NOT NULL AND unsynced_boot <> $boot
            FROM layers WHERE diff_id NOT IN (SELECT diff_id FROM image_layers)
            """,
            row => (DiffId: Digest.Parse(row.GetString(0)), Cached: row.GetBoolean(1), Lost: row.GetBoolean(2)),
            ("$boot", BootId.Current));
        return
        [
            .. from row in rows
               where !row.Cached || row.Lost || !Directory.Exists(PathOf(row.DiffId))
               where !leases[row.DiffId.ToString()].Any(work => WorkDirectory.IsAlive(Paths, work))
               select row.DiffId,
        ];
    }

    private void MoveAway(SqliteConnection connection, Digest diffId, Digest? blob, WorkDirectory trash)
    {
        if (Directory.Exists(PathOf(diffId)))
        {
            Directory.Move(PathOf(diffId), trash.NewPath("layer"));
        }

        if (File.Exists(StructurePathOf(diffId)))
        {
            File.Move(StructurePathOf(diffId), trash.NewPath("structure"));
        }

        if (blob is { } digest && File.Exists(BlobPathOf(digest)) && connection.Scalar<long>("SELECT COUNT(*) FROM manifest_blobs WHERE digest = $digest", ("$digest", digest.ToString())) == 0)
        {
            File.Move(BlobPathOf(digest), trash.NewPath("blob"));
        }
    }
}
