using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Locks of downloads and cache mounts that are not there, and rows of cache mounts without a directory. A download that broke off is none: it can go on.</summary>
internal sealed class PartialSearch(LayerStore layers)
{
    private const string LockSuffix = ".lock";

    public IEnumerable<Finding> Find()
    {
        foreach (var (path, digest) in Locks(layers.Paths.Partial))
        {
            if (!PartialBlob.IsHeld(layers.Paths, digest) && File.Exists(path))
            {
                yield return new Finding("Partial", path, "the lock belongs to no download", () => PartialBlob.TryOpen(layers.Paths, digest)?.Dispose());
            }
        }

        foreach (var (path, hash) in Locks(layers.Paths.CacheMounts).Where(item => !Directory.Exists(item.Path[..^LockSuffix.Length])))
        {
            yield return new Finding("CacheMount", path, "the lock belongs to no cache mount", () => CacheMountDirectory.TryRemove(layers, hash.Hex));
        }

        foreach (var hash in layers.Catalog.Read(connection => connection.Query("SELECT hash FROM cache_mounts", row => row.GetString(0))).Where(hash => !Directory.Exists(Path.Combine(layers.Paths.CacheMounts, hash))))
        {
            yield return new Finding("CacheMount", hash, "the cache mount's directory is not there", () => layers.Catalog.Write(connection => connection.Execute("DELETE FROM cache_mounts WHERE hash = $hash", ("$hash", hash))));
        }
    }

    private static IEnumerable<(string Path, Digest Digest)> Locks(string directory)
    {
        foreach (var path in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*" + LockSuffix) : [])
        {
            if (!Path.Exists(path[..^LockSuffix.Length]) && Digest.TryParseHex(Path.GetFileName(path)[..^LockSuffix.Length], out var digest))
            {
                yield return (path, digest);
            }
        }
    }
}
