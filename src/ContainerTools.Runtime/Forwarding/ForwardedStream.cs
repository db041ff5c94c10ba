using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>One forwarded connection: the client's and the target's, and what flows between them.</summary>
internal sealed class ForwardedStream(int client, ForwardedListener listener, int token, EventQueue queue, int key, PipePool pipes)
{
    private const long ConnectPatience = 10_000;
    private readonly StreamFlow request = new(pipes);
    private readonly StreamFlow answer = new(pipes);
    private int target = -1;
    private bool connecting = true;
    private uint clientEvents;
    private uint targetEvents;

    /// <summary>What it came by.</summary>
    public ForwardedListener Listener => listener;

    /// <summary>When the target must have taken the connection; it may be silent afterwards.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>Begins to connect to the target.</summary>
    public StreamState Connect(long now)
    {
        Deadline = now + ConnectPatience;
        target = SocketCalls.TryOpen(listener.Target.Family, SocketCalls.Stream);
        return target >= 0 && SocketCalls.Connect(target, listener.Target) is 0 or -SocketCalls.InProgress && Watch(0, EventQueue.Writable)
            ? StreamState.Open
            : StreamState.Broken;
    }

    /// <summary>Moves what there is.</summary>
    public StreamState Advance()
    {
        if (connecting)
        {
            if (SocketCalls.Error(target) != 0)
            {
                return StreamState.Broken;
            }

            (connecting, Deadline) = (false, long.MaxValue);
        }

        if (!request.Move(client, target) || !answer.Move(target, client))
        {
            return StreamState.Broken;
        }

        if (request.Ended && answer.Ended)
        {
            return StreamState.Ended;
        }

        return Watch(request.Reads | answer.Writes, answer.Reads | request.Writes) ? StreamState.Open : StreamState.Broken;
    }

    /// <summary>Ends it.</summary>
    public void Close(bool reset)
    {
        if (reset)
        {
            SocketCalls.ResetAtClose(client);
            SocketCalls.ResetAtClose(target);
        }

        request.Close();
        answer.Close();
        Native.Close(client);
        Native.Close(target);
    }

    private bool Watch(uint forClient, uint forTarget) =>
        Watch(client, ref clientEvents, forClient, token) && Watch(target, ref targetEvents, forTarget, token + 1);

    // What is waited for nothing is not watched at all: a connection that both sides have closed would be reported without end.
    private bool Watch(int descriptor, ref uint current, uint wanted, int own)
    {
        var before = current;
        current = wanted;
        if (before == 0 && wanted != 0)
        {
            return queue.Watch(descriptor, wanted, key, own);
        }

        if (wanted == 0 && before != 0)
        {
            queue.Forget(descriptor);
        }
        else if (wanted != before)
        {
            queue.Change(descriptor, wanted, key, own);
        }

        return true;
    }
}
