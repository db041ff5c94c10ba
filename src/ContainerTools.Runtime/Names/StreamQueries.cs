using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>Takes queries that come over TCP, one after the other on each connection, and asks servers by TCP in turn (RFC 7766).</summary>
internal sealed class StreamQueries : IEventSource
{
    private const int Most = 32;
    private const int Backlog = 32;
    private const int ListenerToken = -1;
    private readonly int listener;
    private readonly StreamQuery?[] open = new StreamQuery?[Most];
    private readonly StreamScope scope;

    /// <summary>Takes over a bound socket.</summary>
    public StreamQueries(int listener, NameService names, UpstreamServers servers, ScratchMemory scratch, EventQueue queue)
    {
        this.listener = listener;
        scope = new StreamScope(names, servers, scratch, queue, queue.Register(this));
        var errno = -SocketCalls.Listen(listener, Backlog);
        if (errno != 0 || !queue.Watch(listener, EventQueue.Readable, scope.Key, ListenerToken))
        {
            throw new Linux.LinuxException(errno == 0 ? Native.LastError : errno, "listen");
        }
    }

    public long Deadline
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var query in open)
            {
                earliest = Math.Min(earliest, query?.Deadline ?? long.MaxValue);
            }

            return earliest;
        }
    }

    public void Serve(int token, long now)
    {
        if (token == ListenerToken)
        {
            var client = SocketCalls.Accept(listener);
            if (client is -SocketCalls.TooManyOpen or -SocketCalls.TooManyOpenAnywhere)
            {
                CloseOldest();
            }

            if (client < 0)
            {
                return;
            }

            token = Array.IndexOf(open, null);
            token = token < 0 ? CloseOldest() : token;
            open[token] = new StreamQuery(client, token, scope);
        }

        if (open[token] is { } query && !query.Advance(now))
        {
            Close(token);
        }
    }

    public void Expire(long now)
    {
        for (var slot = 0; slot < Most; slot++)
        {
            if (open[slot] is { } query && query.Deadline <= now && !query.Expire(now))
            {
                Close(slot);
            }
        }
    }

    /// <summary>Makes room by closing the connection that stood still the longest; returns its place.</summary>
    private int CloseOldest()
    {
        var oldest = 0;
        for (var slot = 1; slot < Most; slot++)
        {
            oldest = (open[slot]?.Deadline ?? long.MaxValue) < (open[oldest]?.Deadline ?? long.MaxValue) ? slot : oldest;
        }

        Close(oldest);
        return oldest;
    }

    private void Close(int slot)
    {
        open[slot]?.Dispose();
        open[slot] = null;
    }
}
