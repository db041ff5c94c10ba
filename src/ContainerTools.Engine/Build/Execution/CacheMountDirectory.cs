using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>A cache mount's directory while somebody has it: steps share a lock (flock) on the directory itself, whoever removes it needs it alone.</summary>
internal sealed class CacheMountDirectory : IDisposable
{
    private readonly DirectoryHandle _directory;

    private CacheMountDirectory(DirectoryHandle directory) => _directory = directory;

    /// <summary>Takes a directory to use it; null when it is not there, or is being removed.</summary>
    public static CacheMountDirectory? TryShare(string path) => TryTake(path, shared: true);

    /// <summary>True while a step has the directory, or waits for its turn.</summary>
    public static bool IsHeld(StorePaths paths, string name)
    {
        var path = Path.Combine(paths.CacheMounts, name);
        using var taken = TryTake(path, shared: false);
        return taken is null && Directory.Exists(path);
    }

    /// <summary>Removes a directory that no step has, and its lock; false when one has it.</summary>
    public static bool TryRemove(LayerStore layers, string name)
    {
        var path = Path.Combine(layers.Paths.CacheMounts, name);
        using var turn = FileDescriptor.OpenOrCreate(CacheMounts.LockOf(path), 0x180);
        if (!turn.TryLock())
        {
            return false;
        }

        using var trash = WorkDirectory.Create(layers, "remove");
        using var taken = TryTake(path, shared: false);
        if (taken is not null)
        {
            Directory.Move(path, trash.NewPath("cache-mount"));
        }
        else if (Directory.Exists(path))
        {
            return false;
        }

        File.Delete(CacheMounts.LockOf(path));
        layers.Catalog.WriteFreeing(connection => connection.Execute("DELETE FROM cache_mounts WHERE hash = $hash", ("$hash", name)));
        return true;
    }

    public void Dispose() => _directory.Dispose();

    private static CacheMountDirectory? TryTake(string path, bool shared)
    {
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        if (parent.TryOpenDirectory(name) is not { } directory)
        {
            return null;
        }

        // It may have been moved away between the opening and the lock.
        if (directory.TryLock(shared) && parent.TryGetStatus(name) is { } there && there.Inode == directory.GetStatus(default).Inode)
        {
            return new CacheMountDirectory(directory);
        }

        directory.Dispose();
        return null;
    }
}
