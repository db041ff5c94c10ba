using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// A blob that is being downloaded: a file in <see cref="StorePaths.Partial"/> which stays when the download breaks off, and which one download at a time owns (flock), whatever process it
/// is in. Disposing gives it back.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private const string LockSuffix = ".lock";
    private readonly FileDescriptor _lock;
    private readonly string _lockPath;

    private PartialBlob(string path, string lockPath, FileDescriptor held) => (Path, _lockPath, _lock) = (path, lockPath, held);

    /// <summary>What has come so far.</summary>
    public string Path { get; }

    /// <summary>Takes the blob's file if nobody has it; else null.</summary>
    public static PartialBlob? TryOpen(StorePaths paths, Digest digest)
    {
        Directory.CreateDirectory(paths.Partial, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = System.IO.Path.Combine(paths.Partial, digest.Hex);
        var held = FileDescriptor.OpenOrCreate(path + LockSuffix, 0x180);

        // Whoever had it may have taken the file away when it was done.
        if (held.TryLock() && held.GetStatus().Links > 0)
        {
            return new PartialBlob(path, path + LockSuffix, held);
        }

        held.Dispose();
        return null;
    }

    /// <summary>True while somebody has the blob's file.</summary>
    public static bool IsHeld(StorePaths paths, Digest digest)
    {
        var path = System.IO.Path.Combine(paths.Partial, digest.Hex + LockSuffix);
        if (!File.Exists(path))
        {
            return false;
        }

        using var probe = FileDescriptor.OpenOrCreate(path, 0x180);
        return !probe.TryLock();
    }

    /// <summary>Forgets what has come.</summary>
    public void Discard() => File.Delete(Path);

    public void Dispose()
    {
        if (!File.Exists(Path))
        {
            File.Delete(_lockPath);
        }

        _lock.Dispose();
    }
}
