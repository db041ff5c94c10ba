using ContainerTools.Linux;

namespace ContainerTools.Engine.Networks;

/// <summary>Keeps processes from making or removing bridges and rules at once: an exclusive flock(2), which the kernel drops when its holder dies.</summary>
internal sealed class NetworkLock : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private readonly FileDescriptor _file;

    private NetworkLock(FileDescriptor file) => _file = file;

    /// <summary>Takes it. Throws <c>NetworksBusy</c>.</summary>
    public static NetworkLock Take(string path)
    {
        var deadline = Environment.TickCount64 + (long)Wait.TotalMilliseconds;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            var file = FileDescriptor.OpenOrCreate(path, 0x180);
            if (file.TryLock())
            {
                return new NetworkLock(file);
            }

            file.Dispose();
            if (Environment.TickCount64 > deadline)
            {
                throw new ContainerToolsException(
                    ErrorKind.Unavailable, "NetworksBusy", $"Another process has been changing networks for {Wait.TotalSeconds:0} s.", path, "Wait for it to end and try again.");
            }

            Thread.Sleep(pause);
        }
    }

    public void Dispose() => _file.Dispose();
}
