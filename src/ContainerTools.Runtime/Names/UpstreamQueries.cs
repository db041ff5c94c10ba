using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>
/// Passes queries on over UDP and their answers back. Each attempt has a socket, and so a port, of its own and an id nobody can guess; what does not come from the
/// server, or answers another question, is not heard.
/// </summary>
internal sealed unsafe class UpstreamQueries : IEventSource
{
    /// <summary>How long a server may take before the next is asked.</summary>
    public const long Patience = 2000;

    private const int Most = 256;
    private readonly int listener;
    private readonly UpstreamServers servers;
    private readonly ScratchMemory scratch;
    private readonly EventQueue queue;
    private readonly int key;
    private Pending* pending;
    private int count;

    /// <param name="listener">The socket that answers go to clients by.</param>
    /// <param name="servers">Who is asked.</param>
    /// <param name="scratch">Memory for answers.</param>
    /// <param name="queue">Where the sockets are watched.</param>
    public UpstreamQueries(int listener, UpstreamServers servers, ScratchMemory scratch, EventQueue queue)
    {
        (this.listener, this.servers, this.scratch, this.queue) = (listener, servers, scratch, queue);
        key = queue.Register(this);
    }

    private struct Pending
    {
        // Null where nothing is pending.
        public byte* Query;
        public int Length;
        public int Socket;
        public int Server;
        public int Attempts;
        public ushort ClientId;
        public long Deadline;
        public InternetEndpoint Client;
    }

    public long Deadline
    {
        get
        {
            var earliest = long.MaxValue;
            for (var slot = 0; slot < Most && count > 0; slot++)
            {
                earliest = pending[slot].Query == null ? earliest : Math.Min(earliest, pending[slot].Deadline);
            }

            return earliest;
        }
    }

    /// <summary>Passes a query on; false when too many are under way.</summary>
    public bool Ask(ReadOnlySpan<byte> query, in InternetEndpoint client, long now)
    {
        if (pending == null)
        {
            pending = (Pending*)NativeMemory.AllocZeroed(Most, (nuint)sizeof(Pending));
        }

        var slot = 0;
        while (slot < Most && pending[slot].Query != null)
        {
            slot++;
        }

        if (slot == Most)
        {
            return false;
        }

        ref var entry = ref pending[slot];
        entry = new Pending { Query = (byte*)NativeMemory.Alloc((nuint)query.Length), Length = query.Length, Socket = -1, Server = servers.First(now), Client = client };
        query.CopyTo(new Span<byte>(entry.Query, query.Length));
        entry.ClientId = *(ushort*)entry.Query;
        count++;
        Try(slot, now);
        return true;
    }

    public void Serve(int token, long now)
    {
        ref var entry = ref pending[token];
        var size = SocketCalls.Receive(entry.Socket, scratch.ReadBuffer, scratch.ReadSize);
        if (size == -SocketCalls.Again)
        {
            return;
        }

        // An error is one of ICMP: there is no server.
        var query = new ReadOnlySpan<byte>(entry.Query, entry.Length);
        var answer = new Span<byte>(scratch.ReadBuffer, (int)Math.Max(size, 0));
        var verdict = size < 0 ? UpstreamVerdict.Failed : UpstreamAnswer.Judge(query, answer);
        if (verdict == UpstreamVerdict.Failed && entry.Attempts < servers.Count)
        {
            entry.Server = servers.Next(entry.Server);
            Try(token, now);
        }
        else if (verdict == UpstreamVerdict.Failed && size < DnsQuery.HeaderSize)
        {
            GiveUp(ref entry);
        }
        else if (verdict != UpstreamVerdict.Foreign)
        {
            if (entry.Attempts > 1 && verdict == UpstreamVerdict.Answer)
            {
                servers.Prefer(entry.Server, now);
            }

            *(ushort*)scratch.ReadBuffer = entry.ClientId;
            Finish(ref entry, scratch.ReadBuffer, UpstreamAnswer.Fit(query, answer));
        }
    }

    public void Expire(long now)
    {
        for (var slot = 0; slot < Most && count > 0; slot++)
        {
            ref var entry = ref pending[slot];
            if (entry.Query == null || entry.Deadline > now)
            {
                continue;
            }

            if (servers.Count > 0)
            {
                entry.Server = servers.Next(entry.Server);
            }

            Try(slot, now);
        }
    }

    /// <summary>Asks the entry's server, or the first after it that can be asked at all.</summary>
    private void Try(int slot, long now)
    {
        ref var entry = ref pending[slot];
        for (; entry.Attempts < servers.Count; entry.Server = servers.Next(entry.Server))
        {
            Native.Close(entry.Socket);
            entry.Attempts++;
            entry.Deadline = now + Patience;
            var server = servers[entry.Server];
            entry.Socket = SocketCalls.TryOpen(server.Family, SocketCalls.Datagram);
            *(ushort*)entry.Query = UpstreamAnswer.RandomId();
            if (entry.Socket >= 0
                && SocketCalls.Connect(entry.Socket, server) == 0
                && SocketCalls.Send(entry.Socket, entry.Query, entry.Length) == entry.Length
                && queue.Watch(entry.Socket, EventQueue.Readable, key, slot))
            {
                return;
            }
        }

        GiveUp(ref entry);
    }

    private void GiveUp(ref Pending entry)
    {
        // Not in the scratch memory, where other queries may still wait to be read.
        var answer = stackalloc byte[DnsQuery.PlainPayload];
        *(ushort*)entry.Query = entry.ClientId;
        var query = new ReadOnlySpan<byte>(entry.Query, entry.Length);
        Finish(ref entry, answer, NameService.Fail(query, new Span<byte>(answer, DnsQuery.PlainPayload), DnsCode.ServerFailure));
    }

    private void Finish(ref Pending entry, byte* answer, int length)
    {
        _ = SocketCalls.SendTo(listener, answer, length, entry.Client);
        Native.Close(entry.Socket);
        NativeMemory.Free(entry.Query);
        entry.Query = null;
        count--;
    }
}
