using System.Text.Json;
using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Registry;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Looks at the disk, at the catalogue and at the locks, in that order: what is on the disk when it is looked at has its row by then, or is being given it.</summary>
internal sealed class SnapshotReader(ContainerContext context, Catalog catalog)
{
    private const string MomentOf = "COALESCE(MAX(used), 0)";

    public StoreSnapshot Read()
    {
        var parts = new StoreWalk(context.Paths).Run();
        var rows = catalog.Read(connection => ReadRows(connection, parts));
        if (parts.Any(part => part.Area is StoreArea.Tree or StoreArea.Structure or StoreArea.Blob && !IsKnown(rows, part)))
        {
            // It may have been moved into place under the write lock a moment ago: its row is there when the lock is free.
            rows = catalog.Write(connection => ReadRows(connection, parts));
        }

        return rows with { Containers = ReadContainers(rows) };
    }

    private static bool IsKnown(StoreSnapshot rows, StoredPart part)
    {
        var digest = "sha256:" + part.Name;
        return part.Area == StoreArea.Blob
            ? rows.Layers.Any(layer => layer.Blob == digest) || rows.Manifests.Any(manifest => manifest.Blobs.Contains(digest))
            : rows.Layers.Any(layer => layer.Id == digest);
    }

    private StoreSnapshot ReadRows(SqliteConnection connection, IReadOnlyList<StoredPart> parts)
    {
        var busy = parts.Where(IsLocked).Select(part => (part.Area, part.Name)).ToHashSet();
        return new StoreSnapshot
        {
            Time = DateTimeOffset.UtcNow,
            Parts = parts,
            Layers = connection.Query(
                "SELECT diff_id, blob_digest, has_structure, created, unsynced_boot IS NOT NULL AND unsynced_boot <> $boot FROM layers",
                row => new LayerRow(row.GetString(0), Text(row, 1), row.GetBoolean(2), Moment(row, 3), row.GetBoolean(4)),
                ("$boot", BootId.Current)),
            Images = ReadImages(connection),
            Tags = connection.Query("SELECT tag, image_id, manifest_digest FROM tags ORDER BY tag", row => new TagRow(ImageReference.Parse(row.GetString(0)).Familiar, Text(row, 1), Text(row, 2))),
            Manifests = ReadManifests(connection),
            Cache = connection.Query($"SELECT diff_id, {MomentOf} FROM build_cache GROUP BY diff_id", row => new CacheRow(Text(row, 0), Moment(row, 1))),
            CacheMounts = connection.Query("SELECT hash, id, used FROM cache_mounts", row => new CacheMountRow(row.GetString(0), row.GetString(1), Moment(row, 2))),
            Networks = ReadNetworks(connection),
            Leases = connection
                .Query("SELECT diff_id, work_id FROM layer_leases", row => (Layer: row.GetString(0), Work: row.GetString(1)))
                .GroupBy(lease => lease.Work)
                .Where(work => WorkDirectory.IsAlive(context.Paths, work.Key))
                .SelectMany(work => work)
                .ToLookup(lease => lease.Layer, lease => lease.Work),
            Busy = busy,
        };
    }

    private static List<ImageRow> ReadImages(SqliteConnection connection)
    {
        var layers = connection.Query("SELECT image_id, diff_id FROM image_layers ORDER BY image_id, position", row => (Image: row.GetString(0), Layer: row.GetString(1))).ToLookup(row => row.Image, row => row.Layer);
        var labels = connection.Query(
            "SELECT images.id, label.key, COALESCE(label.value, '') FROM images, json_each(config, '$.config.Labels') AS label WHERE label.key IS NOT NULL",
            row => (Image: row.GetString(0), Key: row.GetString(1), Value: row.GetString(2))).ToLookup(row => row.Image);
        return connection.Query(
            "SELECT id, used FROM images ORDER BY id",
            row => new ImageRow(row.GetString(0), labels[row.GetString(0)].ToDictionary(label => label.Key, label => label.Value), Moment(row, 1), [.. layers[row.GetString(0)].Distinct()]));
    }

    private static List<ManifestRow> ReadManifests(SqliteConnection connection)
    {
        var members = connection.Query("SELECT index_digest, manifest_digest FROM index_entries ORDER BY index_digest, position", row => (Index: row.GetString(0), Member: row.GetString(1))).ToLookup(row => row.Index, row => row.Member);
        var blobs = connection.Query("SELECT manifest_digest, digest FROM manifest_blobs", row => (Manifest: row.GetString(0), Blob: row.GetString(1))).ToLookup(row => row.Manifest, row => row.Blob);
        return connection.Query(
            "SELECT digest, kind, image_id, subject FROM manifests",
            row => new ManifestRow(row.GetString(0), Enum.Parse<ManifestKind>(row.GetString(1), ignoreCase: true), Text(row, 2), Text(row, 3), [.. members[row.GetString(0)]], [.. blobs[row.GetString(0)]]));
    }

    private static List<NetworkRow> ReadNetworks(SqliteConnection connection)
    {
        var containers = connection.Query("SELECT network_id, name FROM network_endpoints JOIN containers ON id = container_id ORDER BY name", row => (Network: row.GetString(0), Name: row.GetString(1))).ToLookup(row => row.Network, row => row.Name);
        var builds = connection.Query("SELECT DISTINCT network_id, work_id FROM network_leases", row => (Network: row.GetString(0), Work: row.GetString(1))).ToLookup(row => row.Network, row => row.Work);
        return connection.Query(
            "SELECT id, name, created, spec FROM networks ORDER BY name",
            row => new NetworkRow(
                row.GetString(0),
                row.GetString(1),
                JsonSerializer.Deserialize(row.GetString(3), NetworkJson.Default.NetworkSpec)!.Labels,
                Moment(row, 2),
                [.. containers[row.GetString(0)]],
                [.. builds[row.GetString(0)]]));
    }

    private List<ContainerRow> ReadContainers(StoreSnapshot rows)
    {
        var labels = rows.Images.ToDictionary(image => image.Id, image => image.Labels);
        return [.. context.Store.List().Select(record =>
        {
            var bundle = context.BundleOf(record.Id);
            var status = ContainerStatus.Of(bundle);
            return new ContainerRow(
                record.Id,
                record.Name,
                record.ImageId,
                ContainerSnapshots.Labels(record, labels.GetValueOrDefault(record.ImageId) ?? new Dictionary<string, string>()),
                status.IsRunning,
                !status.IsRunning && rows.Busy.Contains((StoreArea.Container, record.Id)),
                record.Created,
                status.Exit?.Finished);
        })];
    }

    private bool IsLocked(StoredPart part) => part.Area switch
    {
        StoreArea.Work => WorkDirectory.IsAlive(context.Paths, part.Name),
        StoreArea.Partial => PartialBlob.IsHeld(context.Paths, Digest.Parse("sha256:" + part.Name)),
        StoreArea.CacheMount => CacheMountDirectory.IsHeld(context.Paths, part.Name),
        StoreArea.Container => ContainerLock.IsHeld(context.BundleOf(part.Name)),
        _ => false,
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Moment(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
