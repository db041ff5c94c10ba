namespace ContainerTools.Engine.Containers;

/// <summary>
/// Keeps two processes from starting, stopping or removing one container at once: an exclusive flock(2) on the bundle's <c>lock</c> file, which the
/// kernel drops when its holder dies.
/// </summary>
internal sealed class ContainerLock : IDisposable
{
    private readonly FileStream _file;

    private ContainerLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting as long as a slow stop may take. Throws <c>ContainerBusy</c>, <c>ContainerNotFound</c>.</summary>
    public static async Task<ContainerLock> TakeAsync(string bundle, string name, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryTake(bundle, name) is { } taken)
            {
                return taken;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new ContainerToolsException(
                    ErrorKind.Unavailable,
                    "ContainerBusy",
                    $"Another process has been starting, stopping or removing container '{name}' for {wait.TotalSeconds:0} s.",
                    name,
                    "Wait for the other operation to end and try again.");
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock if it is free; null otherwise.</summary>
    public static ContainerLock? TryTake(string bundle, string name)
    {
        try
        {
            // FileShare.None is an exclusive, non-blocking flock on Unix.
            return new ContainerLock(new FileStream(PathIn(bundle), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0));
        }
        catch (DirectoryNotFoundException)
        {
            throw ContainerStore.NotFound(name);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True while some process holds the lock.</summary>
    public static bool IsHeld(string bundle)
    {
        if (!File.Exists(PathIn(bundle)))
        {
            return false;
        }

        using var taken = TryTake(bundle, bundle);
        return taken is null;
    }

    public void Dispose() => _file.Dispose();

    private static string PathIn(string bundle) => Path.Combine(bundle, "lock");
}
