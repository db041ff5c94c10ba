using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>Forwards TCP: takes connections of clients and makes those to the target.</summary>
internal sealed class ForwardedStreams : IEventSource, IDisposable
{
    // Each takes up to six descriptors; those beyond wait in the backlog.
    private const int Most = 128;

    // How long to leave listeners alone when the process has no descriptors left.
    private const long Pause = 100;
    private readonly EventQueue queue;
    private readonly int key;
    private readonly List<ForwardedListener?> listeners = [];
    private readonly ForwardedStream?[] streams = new ForwardedStream?[Most];
    private readonly PipePool pipes = new();
    private int count;
    private bool listening = true;
    private long resumeAt = long.MaxValue;

    public ForwardedStreams(EventQueue queue)
    {
        this.queue = queue;
        key = queue.Register(this);
    }

    public long Deadline
    {
        get
        {
            var earliest = resumeAt;
            for (var slot = 0; slot < Most && count > 0; slot++)
            {
                earliest = Math.Min(earliest, streams[slot]?.Deadline ?? long.MaxValue);
            }

            return earliest;
        }
    }

    /// <summary>Takes over a listening socket.</summary>
    public void Add(int descriptor, InternetEndpoint endpoint, InternetEndpoint target)
    {
        listeners.Add(new ForwardedListener(descriptor, endpoint, target));
        if (listening)
        {
            queue.Watch(descriptor, EventQueue.Readable, key, ListenerToken(listeners.Count - 1));
        }
    }

    /// <summary>Ends a port and its connections.</summary>
    public void Remove(InternetEndpoint endpoint)
    {
        var index = listeners.FindIndex(item => item?.Endpoint == endpoint);
        if (index < 0 || listeners[index] is not { } listener)
        {
            return;
        }

        Native.Close(listener.Descriptor);
        listeners[index] = null;
        for (var slot = 0; slot < Most; slot++)
        {
            if (streams[slot]?.Listener == listener)
            {
                Close(slot, reset: true);
            }
        }
    }

    public void Serve(int token, long now)
    {
        var slot = token / 2;
        if (slot >= Most)
        {
            Accept(listeners[slot - Most], now);
        }
        else if (streams[slot] is { } stream)
        {
            Continue(slot, stream.Advance());
        }
    }

    public void Expire(long now)
    {
        if (resumeAt <= now)
        {
            Listen(true);
        }

        for (var slot = 0; slot < Most; slot++)
        {
            if (streams[slot]?.Deadline <= now)
            {
                Close(slot, reset: true);
            }
        }
    }

    public void Dispose()
    {
        foreach (var listener in listeners.ToArray())
        {
            Remove(listener?.Endpoint ?? default);
        }

        pipes.Dispose();
    }

    private static int ListenerToken(int index) => (Most + index) * 2;

    private void Accept(ForwardedListener? listener, long now)
    {
        var client = listener is null ? -SocketCalls.Again : SocketCalls.Accept(listener.Descriptor);
        if (client is -SocketCalls.TooManyOpen or -SocketCalls.TooManyOpenAnywhere)
        {
            Listen(false);
            resumeAt = now + Pause;
        }

        if (client < 0)
        {
            return;
        }

        var slot = Array.IndexOf(streams, null);
        var stream = streams[slot] = new ForwardedStream(client, listener!, slot * 2, queue, key, pipes);
        if (++count == Most)
        {
            Listen(false);
        }

        Continue(slot, stream.Connect(now));
    }

    private void Continue(int slot, StreamState state)
    {
        if (state != StreamState.Open)
        {
            Close(slot, state == StreamState.Broken);
        }
    }

    private void Close(int slot, bool reset)
    {
        streams[slot]!.Close(reset);
        streams[slot] = null;
        count--;
        Listen(true);
    }

    private void Listen(bool listen)
    {
        resumeAt = long.MaxValue;
        for (var index = 0; index < listeners.Count && listen != listening; index++)
        {
            if (listeners[index] is not { } listener)
            {
                continue;
            }

            if (listen)
            {
                queue.Watch(listener.Descriptor, EventQueue.Readable, key, ListenerToken(index));
            }
            else
            {
                queue.Forget(listener.Descriptor);
            }
        }

        listening = listen;
    }
}
