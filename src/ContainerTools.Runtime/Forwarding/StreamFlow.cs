using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>One direction of a forwarded connection. Bytes go through a pipe and never through the monitor's memory (splice(2)).</summary>
internal sealed class StreamFlow(PipePool pipes)
{
    // Moves before others get their turn.
    private const int Turn = 16;
    private const int MoveSize = 64 * 1024; // what a pipe holds
    private const int ShutdownWriting = 1;
    private (int Reader, int Writer)? pipe;
    private int held;

    /// <summary>Whether all has come through, and the end too.</summary>
    public bool Ended { get; private set; }

    /// <summary>What to wait for at the source.</summary>
    public uint Reads => held == 0 && !Ended ? EventQueue.Readable : 0;

    /// <summary>What to wait for at the target.</summary>
    public uint Writes => held > 0 ? EventQueue.Writable : 0;

    /// <summary>Moves what can be moved without waiting; false when a side is broken.</summary>
    public bool Move(int source, int target)
    {
        for (var turn = 0; turn < Turn && !Ended; turn++)
        {
            pipe ??= pipes.Take();
            if (pipe is not { } ends)
            {
                return false;
            }

            var count = held > 0 ? SocketCalls.Splice(ends.Reader, target, held) : SocketCalls.Splice(source, ends.Writer, MoveSize);
            if (count == -SocketCalls.Again)
            {
                break;
            }

            if (count < 0)
            {
                return false;
            }

            if (held == 0 && count == 0)
            {
                // The target may go on sending: only this direction has ended.
                Ended = true;
                _ = SocketCalls.Shutdown(target, ShutdownWriting);
            }

            held = held > 0 ? held - (int)count : (int)count;
        }

        if (held == 0)
        {
            Release();
        }

        return true;
    }

    public void Close()
    {
        if (held > 0 && pipe is { } ends)
        {
            // With bytes of one connection in it, it is of no use to another.
            Native.Close(ends.Reader);
            Native.Close(ends.Writer);
            pipe = null;
        }

        Release();
    }

    private void Release()
    {
        if (pipe is { } ends)
        {
            pipes.Return(ends);
            pipe = null;
        }
    }
}
