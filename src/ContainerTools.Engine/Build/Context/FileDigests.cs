using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ContainerTools.Engine.Build.Context;

/// <summary>
/// Content digests of files, remembered by everything the kernel changes when content changes (inode, size, mtime, ctime), so that an unchanged context
/// costs a stat for each file.
/// </summary>
internal static class FileDigests
{
    private const int MaximumEntries = 200_000;
    private static readonly ConcurrentDictionary<NodeStatus, string> Known = new();

    public static string Of(TreeNode file)
    {
        if (Known.TryGetValue(file.Status, out var known))
        {
            return known;
        }

        using var stream = new FileStream(file.HostPath, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        // A file changed within the clock's grain after it was read would keep its times: only settled ones are remembered.
        if (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - file.Status.Changed.Seconds * 1000 - file.Status.Changed.Nanoseconds / 1_000_000 > 100)
        {
            if (Known.Count >= MaximumEntries)
            {
                Known.Clear();
            }

            Known[file.Status] = digest;
        }

        return digest;
    }
}
