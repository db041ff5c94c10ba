using System.Security.Cryptography;
using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>
/// Directories of <c>RUN --mount=type=cache</c>, kept in the store between builds under a hash of their id, so that no id is ever a path. <c>locked</c> and
/// <c>private</c> ones are used by one step at a time, also among processes.
/// </summary>
internal sealed class CacheMounts(LayerStore layers) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly List<IDisposable> _held = [];

    /// <summary>Host directory of a cache, made on first use; waits for its turn.</summary>
    public async Task<string> AcquireAsync(RunMount mount, string target, CancellationToken cancellationToken)
    {
        var (root, id) = (layers.Paths.CacheMounts, mount.Id ?? target);
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        var directory = Path.Combine(root, name);
        if (mount.Sharing != "shared")
        {
            _held.Add(await RetryAsync(() => TryTakeTurn(LockOf(directory)), cancellationToken).ConfigureAwait(false));
        }

        _held.Add(await RetryAsync(() => TryMake(directory, mount), cancellationToken).ConfigureAwait(false));
        layers.Catalog.Write(connection => connection.Execute(
            "INSERT INTO cache_mounts (hash, id, used) VALUES ($hash, $id, $now) ON CONFLICT (hash) DO UPDATE SET used = $now",
            ("$hash", name), ("$id", id), ("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())));
        return directory;
    }

    public void Dispose() => _held.ForEach(held => held.Dispose());

    /// <summary>The file that a step locks which wants the directory alone.</summary>
    public static string LockOf(string directory) => directory + ".lock";

    private static CacheMountDirectory? TryMake(string directory, RunMount mount)
    {
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            NodeWriter.SetOwner(directory, (uint)mount.UserId, (uint)mount.GroupId);
            NodeWriter.SetMode(directory, mount.Mode);
        }

        return CacheMountDirectory.TryShare(directory);
    }

    private static FileDescriptor? TryTakeTurn(string path)
    {
        var file = FileDescriptor.OpenOrCreate(path, 0x180);

        // Whoever removes the directory removes the file too: the lock that counts is on the one that is there.
        if (file.TryLock() && file.GetStatus().Links > 0)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private static async Task<T> RetryAsync<T>(Func<T?> attempt, CancellationToken cancellationToken)
        where T : class, IDisposable
    {
        while (true)
        {
            if (attempt() is { } held)
            {
                return held;
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
