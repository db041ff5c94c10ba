using System.Collections.Concurrent;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>A remembered step.</summary>
/// <param name="Layer">Layer it made, or null.</param>
/// <param name="Created">When it ran.</param>
internal sealed record CachedStep(Digest? Layer, DateTimeOffset Created);

/// <summary>Results of earlier builds, in the catalogue.</summary>
/// <param name="layers">The layers that results name.</param>
/// <param name="work">The build, which leases the layers it uses.</param>
/// <param name="enabled">False finds nothing, but still remembers.</param>
internal sealed class BuildCache(LayerStore layers, WorkDirectory work, bool enabled)
{
    private readonly ConcurrentDictionary<Digest, LayerRecord> _leased = new();
    private readonly ConcurrentDictionary<string, bool> _used = new();
    private readonly ConcurrentBag<Digest> _displaced = [];

    /// <summary>The result under a key, its layer leased; null when there is none.</summary>
    public CachedStep? Find(string key)
    {
        if (!enabled)
        {
            return null;
        }

        var row = layers.Catalog.Read(connection => connection.Query(
            "SELECT diff_id, created FROM build_cache WHERE key = $key",
            reader => (Layer: reader.IsDBNull(0) ? null : reader.GetString(0), Created: DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))),
            ("$key", key))) is [var found] ? found : default((string? Layer, DateTimeOffset Created)?);
        if (row is null)
        {
            return null;
        }

        Digest? layer = null;
        if (row.Value.Layer is { } text)
        {
            layer = Digest.Parse(text);
            if (Lease(layer.Value) is null)
            {
                return null;
            }
        }

        _used.TryAdd(key, true);
        return new CachedStep(layer, row.Value.Created);
    }

    /// <summary>Remembers a result.</summary>
    public void Add(string key, Digest? layer, DateTimeOffset created)
    {
        var displaced = layers.Catalog.Write(connection =>
        {
            var before = connection.Scalar<string>("SELECT diff_id FROM build_cache WHERE key = $key", ("$key", key));
            connection.Execute(
                "INSERT INTO build_cache (key, diff_id, created, used) VALUES ($key, $layer, $created, $used) " +
                "ON CONFLICT (key) DO UPDATE SET diff_id = excluded.diff_id, created = excluded.created, used = excluded.used",
                ("$key", key),
                ("$layer", layer?.ToString()),
                ("$created", created.ToUnixTimeMilliseconds()),
                ("$used", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            return before;
        });
        if (displaced is not null && displaced != layer?.ToString())
        {
            _displaced.Add(Digest.Parse(displaced));
        }
    }

    /// <summary>Removes the layers that this build used or displaced and that nothing refers to any more. To be called when its leases are gone.</summary>
    public void CollectGarbage() => layers.CollectGarbage([.. _leased.Keys, .. _displaced]);

    /// <summary>Protects a layer for the time of the build; null when the store lacks it.</summary>
    public LayerRecord? Lease(Digest layer)
    {
        if (_leased.TryGetValue(layer, out var known))
        {
            return known;
        }

        var record = layers.Lease(layer, work);
        if (record is not null)
        {
            _leased[layer] = record;
        }

        return record;
    }

    /// <summary>Notes that the found results were of use.</summary>
    public void Touch()
    {
        if (_used.IsEmpty)
        {
            return;
        }

        layers.Catalog.Write(connection =>
        {
            foreach (var key in _used.Keys)
            {
                connection.Execute("UPDATE build_cache SET used = $used WHERE key = $key", ("$used", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), ("$key", key));
            }
        });
    }
}
