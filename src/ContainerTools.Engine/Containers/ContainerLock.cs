using ContainerTools.Linux;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// Keeps two processes from starting, stopping or removing one container at once: an exclusive flock(2) on a file beside the container's state, which the
/// kernel drops when its holder dies. The file lies outside of what a removal deletes, so that whoever waits for the lock never holds a deleted one.
/// </summary>
internal sealed class ContainerLock : IDisposable
{
    private readonly FileDescriptor _file;
    private readonly string _path;

    private ContainerLock(FileDescriptor file, string path) => (_file, _path) = (file, path);

    /// <summary>Takes the lock, waiting as long as another's start or removal may take. Throws <c>ContainerBusy</c>.</summary>
    public static async Task<ContainerLock> TakeAsync(ContainerBundle bundle, string name, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryTake(bundle) is { } taken)
            {
                return taken;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new ContainerToolsException(
                    ErrorKind.Unavailable,
                    "ContainerBusy",
                    $"Another process has been starting or removing container '{name}' for {wait.TotalSeconds:0} s.",
                    name,
                    "Wait for the other operation to end and try again.");
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock if it is free; null otherwise.</summary>
    public static ContainerLock? TryTake(ContainerBundle bundle)
    {
        while (true)
        {
            var file = FileDescriptor.OpenOrCreate(bundle.Lock, 0x180);
            if (!file.TryLock())
            {
                file.Dispose();
                return null;
            }

            if (file.GetStatus().Links > 0)
            {
                return new ContainerLock(file, bundle.Lock);
            }

            // The holder before us has discarded this very file: the lock that counts is on a new one.
            file.Dispose();
        }
    }

    /// <summary>True while some process holds the lock.</summary>
    public static bool IsHeld(ContainerBundle bundle)
    {
        if (!File.Exists(bundle.Lock))
        {
            return false;
        }

        using var taken = TryTake(bundle);
        return taken is null;
    }

    /// <summary>Removes the lock's file: its container is gone.</summary>
    public void Discard() => File.Delete(_path);

    public void Dispose() => _file.Dispose();
}
