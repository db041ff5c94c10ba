using System.Security.Cryptography;
using System.Text;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// A directory below <see cref="StorePaths.Work"/> that belongs to one running operation: a file beside it stays locked (flock) while the owner
/// lives. It also holds leases on layers (<see cref="LayerStore.Lease"/>), which protect them from garbage collection until it is disposed, and on addresses of networks.
/// </summary>
internal sealed class WorkDirectory : IDisposable
{
    private const string LockSuffix = ".lock";
    private readonly LayerStore _store;
    private readonly FileDescriptor _lock;
    private int _names;
    private bool _disposed;

    private WorkDirectory(LayerStore store, string id, FileDescriptor held) =>
        (_store, Id, Path, _lock) = (store, id, System.IO.Path.Combine(store.Paths.Work, id), held);

    /// <summary>Unique name.</summary>
    public string Id { get; }

    /// <summary>The directory, on the file system of the layers.</summary>
    public string Path { get; }

    /// <summary>Makes and locks a new directory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="purpose">What for, as part of the name: <c>build</c>, <c>import</c>.</param>
    public static WorkDirectory Create(LayerStore store, string purpose)
    {
        Directory.CreateDirectory(store.Paths.Work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var id = $"{purpose}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var work = new WorkDirectory(store, id, Lock(LockPath(store.Paths, id)));
        Directory.CreateDirectory(work.Path);
        return work;
    }

    /// <summary>Work directories whose owner is gone: their ids.</summary>
    public static IReadOnlyList<string> FindAbandoned(StorePaths paths) => !Directory.Exists(paths.Work)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(paths.Work)
            .Select(path => System.IO.Path.GetFileName(path))
            .Select(name => name.EndsWith(LockSuffix, StringComparison.Ordinal) ? name[..^LockSuffix.Length] : name)
            .Distinct(StringComparer.Ordinal)
            .Where(id => !IsAlive(paths, id))
            .Order(StringComparer.Ordinal)];

    /// <summary>Removes a work directory whose owner is gone, with its leases; false when it lives after all.</summary>
    public static bool RemoveAbandoned(LayerStore store, string id)
    {
        using var held = FileDescriptor.OpenOrCreate(LockPath(store.Paths, id), 0x180);
        if (!held.TryLock())
        {
            return false;
        }

        Remove(store, id);
        return true;
    }

    /// <summary>True while the owner of the work directory lives.</summary>
    public static bool IsAlive(StorePaths paths, string id)
    {
        if (!File.Exists(LockPath(paths, id)))
        {
            return false;
        }

        using var probe = FileDescriptor.OpenOrCreate(LockPath(paths, id), 0x180);
        return !probe.TryLock();
    }

    /// <summary>A path in the directory that nothing uses yet.</summary>
    public string NewPath(string name) => System.IO.Path.Combine(Path, $"{name}-{Interlocked.Increment(ref _names)}");

    /// <summary>Makes a fresh subdirectory, mode 0755.</summary>
    public string NewDirectory(string name)
    {
        var path = NewPath(name);
        Directory.CreateDirectory(path);
        using var directory = DirectoryHandle.Open(path);
        directory.SetMode(default, 0x1ed);
        return path;
    }

    /// <summary>
    /// Removes the directory and everything in it (never across mounts), and its leases. What cannot be removed is left unlocked, for
    /// <see cref="FindAbandoned"/>.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            Remove(_store, Id);
        }
        catch (Exception error) when (error is LinuxException or IOException or ContainerToolsException)
        {
            // An error here would hide the one that ended the operation; the left-over stays listed.
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Where the operation keeps what must not reach the disk; nothing makes it before it is needed.</summary>
    public string SecretsPath => SecretsOf(_store.Paths, Id);

    private static string SecretsOf(StorePaths paths, string id) => System.IO.Path.Combine(paths.Run, "secrets", id);

    private static string LockPath(StorePaths paths, string id) => System.IO.Path.Combine(paths.Work, id + LockSuffix);

    private static void Remove(LayerStore store, string id)
    {
        if (Directory.Exists(SecretsOf(store.Paths, id)))
        {
            Directory.Delete(SecretsOf(store.Paths, id), recursive: true);
        }

        using (var parent = DirectoryHandle.Open(store.Paths.Work))
        {
            parent.RemoveTree(Encoding.UTF8.GetBytes(id));
        }

        store.Catalog.WriteFreeing(connection => connection.Execute("DELETE FROM network_leases WHERE work_id = $id", ("$id", id)) + connection.Execute("DELETE FROM layer_leases WHERE work_id = $id", ("$id", id)));
        File.Delete(LockPath(store.Paths, id));
    }

    private static FileDescriptor Lock(string path)
    {
        while (true)
        {
            var file = FileDescriptor.OpenOrCreate(path, 0x180);

            // Somebody looking for abandoned directories may hold the lock for a moment, and may even have removed the file.
            if (file.TryLock() && file.GetStatus().Links > 0)
            {
                return file;
            }

            file.Dispose();
            Thread.Sleep(1);
        }
    }
}
