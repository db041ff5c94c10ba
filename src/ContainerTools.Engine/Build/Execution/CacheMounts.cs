using System.Security.Cryptography;
using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>
/// Directories of <c>RUN --mount=type=cache</c>, kept in the store between builds under a hash of their id, so that no id is ever a path. <c>locked</c> and
/// <c>private</c> ones are used by one step at a time, also among processes.
/// </summary>
internal sealed class CacheMounts(StorePaths paths) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly List<FileStream> _locks = [];

    /// <summary>Host directory of a cache, made on first use; waits for its turn.</summary>
    public async Task<string> AcquireAsync(RunMount mount, string target, CancellationToken cancellationToken)
    {
        var root = Path.Combine(paths.Root, "cache-mounts");
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var directory = Path.Combine(root, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mount.Id ?? target))));
        if (mount.Sharing != "shared")
        {
            await LockAsync(directory + ".lock", cancellationToken).ConfigureAwait(false);
        }

        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            NodeWriter.SetOwner(directory, (uint)mount.UserId, (uint)mount.GroupId);
            NodeWriter.SetMode(directory, mount.Mode);
        }

        return directory;
    }

    public void Dispose() => _locks.ForEach(file => file.Dispose());

    private async Task LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // FileShare.None takes flock(2), which ends with its process whatever happens.
                _locks.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                return;
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
