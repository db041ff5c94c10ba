using System.Collections.Concurrent;
using System.Security.Cryptography;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Build.Context;

/// <summary>
/// Content digests of files, remembered by everything the kernel changes when content changes (inode, size, mtime, ctime), so that an unchanged context
/// costs a stat for each file: within the process, and through the catalogue for the next one.
/// </summary>
internal sealed class FileDigests(Catalog catalog)
{
    private const int MaximumEntries = 200_000;
    private static readonly ConcurrentDictionary<NodeStatus, string> Known = new();
    private readonly ConcurrentDictionary<NodeStatus, string> _read = new();

    /// <summary>Looks up in one go what the catalogue has of these files.</summary>
    public void Prefetch(IEnumerable<TreeNode> files)
    {
        var unknown = files.Select(file => file.Status).Where(status => status.Kind == NodeKind.File && !Known.ContainsKey(status)).Distinct().ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        catalog.Read(connection =>
        {
            foreach (var status in unknown)
            {
                if (connection.Scalar<string>(
                    "SELECT digest FROM file_digests WHERE device = $device AND inode = $inode AND size = $size AND modified = $modified AND changed = $changed",
                    ("$device", (long)status.Device), ("$inode", (long)status.Inode), ("$size", status.Size), ("$modified", Nanoseconds(status.Modified)), ("$changed", Nanoseconds(status.Changed))) is { } digest)
                {
                    Remember(status, digest);
                }
            }

            return 0;
        });
    }

    /// <summary>Hexadecimal SHA-256 of a file.</summary>
    public string Of(TreeNode file)
    {
        if (Known.TryGetValue(file.Status, out var known))
        {
            return known;
        }

        using var stream = new FileStream(file.HostPath, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        // A file changed within the clock's grain after it was read would keep its times: only settled ones are remembered.
        if (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - Nanoseconds(file.Status.Changed) / 1_000_000 > 100)
        {
            Remember(file.Status, digest);
            _read[file.Status] = digest;
        }

        return digest;
    }

    /// <summary>Writes what was read into the catalogue.</summary>
    public void Save()
    {
        if (_read.IsEmpty)
        {
            return;
        }

        catalog.Write(connection =>
        {
            foreach (var (status, digest) in _read)
            {
                connection.Execute(
                    "INSERT OR REPLACE INTO file_digests (device, inode, size, modified, changed, digest, used) VALUES ($device, $inode, $size, $modified, $changed, $digest, $used)",
                    ("$device", (long)status.Device), ("$inode", (long)status.Inode), ("$size", status.Size), ("$modified", Nanoseconds(status.Modified)), ("$changed", Nanoseconds(status.Changed)),
                    ("$digest", digest), ("$used", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            }

            connection.Execute(
                "DELETE FROM file_digests WHERE used < (SELECT used FROM file_digests ORDER BY used DESC LIMIT 1 OFFSET $most)", ("$most", MaximumEntries));
        });
        _read.Clear();
    }

    /// <summary>Forgets what this process knows, as a new one would. For tests.</summary>
    internal static void Forget() => Known.Clear();

    private static void Remember(NodeStatus status, string digest)
    {
        if (Known.Count >= MaximumEntries)
        {
            Known.Clear();
        }

        Known[status] = digest;
    }

    private static long Nanoseconds((long Seconds, uint Nanoseconds) time) => time.Seconds * 1_000_000_000 + time.Nanoseconds;
}
