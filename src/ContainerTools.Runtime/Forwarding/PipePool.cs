using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>Empty pipes, so that only connections with bytes on their way hold one.</summary>
internal sealed class PipePool : IDisposable
{
    private const int Kept = 4;
    private readonly Stack<(int Reader, int Writer)> free = [];

    /// <summary>A pipe that does not block; null when the process has no descriptors left.</summary>
    public (int Reader, int Writer)? Take() => free.Count > 0 ? free.Pop() : SocketCalls.TryPipe();

    /// <summary>Takes an empty pipe back.</summary>
    public void Return((int Reader, int Writer) pipe)
    {
        if (free.Count < Kept)
        {
            free.Push(pipe);
            return;
        }

        Native.Close(pipe.Reader);
        Native.Close(pipe.Writer);
    }

    public void Dispose()
    {
        while (free.TryPop(out var pipe))
        {
            Native.Close(pipe.Reader);
            Native.Close(pipe.Writer);
        }
    }
}
