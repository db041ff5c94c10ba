using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>Forwards UDP: each client has a socket of its own to the target, until neither has sent for half a minute.</summary>
internal sealed unsafe class ForwardedDatagrams : IEventSource, IDisposable
{
    private const int Most = 256;
    private const long Idle = 30_000;

    // Datagrams before others get their turn.
    private const int Turn = 64;
    private readonly EventQueue queue;
    private readonly ScratchMemory scratch;
    private readonly int key;
    private readonly List<ForwardedListener?> listeners = [];
    private readonly Client?[] clients = new Client?[Most];

    public ForwardedDatagrams(EventQueue queue, ScratchMemory scratch)
    {
        (this.queue, this.scratch) = (queue, scratch);
        key = queue.Register(this);
    }

    private sealed class Client(ForwardedListener listener, DatagramOrigin origin, int descriptor)
    {
        public ForwardedListener Listener => listener;

        public int Descriptor => descriptor;

        public long Used { get; set; }

        public bool Is(ForwardedListener other, in DatagramOrigin from) => listener == other && origin.Equals(from);

        public void Answer(byte* buffer, nint size) => _ = origin.Reply(listener.Descriptor, buffer, size);
    }

    public long Deadline
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var client in clients)
            {
                earliest = client is null ? earliest : Math.Min(earliest, client.Used + Idle);
            }

            return earliest;
        }
    }

    /// <summary>Takes over a bound socket.</summary>
    public void Add(int descriptor, InternetEndpoint endpoint, InternetEndpoint target)
    {
        DatagramOrigin.Prepare(descriptor, endpoint);
        listeners.Add(new ForwardedListener(descriptor, endpoint, target));
        queue.Watch(descriptor, EventQueue.Readable, key, Most + listeners.Count - 1);
    }

    /// <summary>Ends a port and its clients.</summary>
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
            if (clients[slot]?.Listener == listener)
            {
                Close(slot);
            }
        }
    }

    public void Serve(int token, long now)
    {
        for (var turn = 0; turn < Turn; turn++)
        {
            if (!(token >= Most ? TakeQuestion(listeners[token - Most], now) : TakeAnswer(clients[token], now)))
            {
                return;
            }
        }
    }

    public void Expire(long now)
    {
        for (var slot = 0; slot < Most; slot++)
        {
            if (clients[slot]?.Used + Idle <= now)
            {
                Close(slot);
            }
        }
    }

    public void Dispose()
    {
        foreach (var listener in listeners.ToArray())
        {
            Remove(listener?.Endpoint ?? default);
        }
    }

    private bool TakeQuestion(ForwardedListener? listener, long now)
    {
        if (listener is null)
        {
            return false;
        }

        var size = DatagramOrigin.Receive(listener.Descriptor, scratch.ReadBuffer, scratch.ReadSize, out var from);
        if (size >= 0 && Find(listener, from, now) is { } client)
        {
            client.Used = now;
            _ = SocketCalls.Send(client.Descriptor, scratch.ReadBuffer, size);
        }

        return size >= 0;
    }

    private bool TakeAnswer(Client? client, long now)
    {
        if (client is null)
        {
            return false;
        }

        // An error says that nobody is there now; whether to try again is the client's business.
        var size = SocketCalls.Receive(client.Descriptor, scratch.ReadBuffer, scratch.ReadSize);
        if (size >= 0)
        {
            client.Used = now;
            client.Answer(scratch.ReadBuffer, size);
        }

        return size >= 0;
    }

    private Client? Find(ForwardedListener listener, in DatagramOrigin from, long now)
    {
        var free = 0;
        for (var slot = 0; slot < Most; slot++)
        {
            if (clients[slot] is not { } client)
            {
                free = slot;
            }
            else if (client.Is(listener, from))
            {
                return client;
            }
            else if (clients[free] is { } other && client.Used < other.Used)
            {
                free = slot;
            }
        }

        // Where all are taken, the one that was silent the longest makes room.
        Close(free);
        var descriptor = SocketCalls.TryOpen(listener.Target.Family, SocketCalls.Datagram);
        if (descriptor < 0 || SocketCalls.Connect(descriptor, listener.Target) != 0 || !queue.Watch(descriptor, EventQueue.Readable, key, free))
        {
            Native.Close(descriptor);
            return null;
        }

        return clients[free] = new Client(listener, from, descriptor) { Used = now };
    }

    private void Close(int slot)
    {
        Native.Close(clients[slot]?.Descriptor ?? -1);
        clients[slot] = null;
    }
}
