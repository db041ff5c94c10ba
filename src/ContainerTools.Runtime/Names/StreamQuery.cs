using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>One connection of a client, and the one to a server while its query is passed on. At any time it waits for one thing.</summary>
internal sealed unsafe class StreamQuery(int client, int token, StreamScope scope) : IDisposable
{
    // How long a client may be silent, or stand still.
    private const long Idle = 10_000;

    // Messages before others get their turn.
    private const int Turn = 16;
    private const int LongestQuery = 4096;
    private readonly StreamMessage query = new(LongestQuery);
    private readonly StreamMessage answer = new(ushort.MaxValue);
    private int server = -1;
    private int serverNumber;
    private int attempts;
    private ushort clientId;
    private int watched = -1;
    private Step step;

    private enum Step
    {
        ReadQuery,
        WriteQuery,
        ReadAnswer,
        WriteAnswer,
    }

    public long Deadline { get; private set; }

    /// <summary>Goes as far as it can without waiting; false when the connection is over.</summary>
    public bool Advance(long now)
    {
        for (var turn = 0; turn < Turn; turn++)
        {
            var (descriptor, events) = step switch
            {
                Step.ReadQuery => (client, EventQueue.Readable),
                Step.WriteQuery => (server, EventQueue.Writable),
                Step.ReadAnswer => (server, EventQueue.Readable),
                _ => (client, EventQueue.Writable),
            };
            var result = step switch
            {
                Step.ReadQuery => query.ReadFrom(client),
                Step.WriteQuery => query.WriteTo(server),
                Step.ReadAnswer => answer.ReadFrom(server),
                _ => answer.WriteTo(client),
            };
            if (result == StreamProgress.Waiting)
            {
                return Wait(descriptor, events, now);
            }

            if (!(result == StreamProgress.Done ? Complete(now) : descriptor != client && TryNext(now)))
            {
                return false;
            }
        }

        return Wait(client, EventQueue.Readable, now);
    }

    /// <summary>Has waited too long: for a server, then the next is asked; for the client, then it is over.</summary>
    public bool Expire(long now) => step is Step.WriteQuery or Step.ReadAnswer && TryNext(now) && Advance(now);

    public void Dispose()
    {
        Native.Close(client);
        Native.Close(server);
        query.Free();
        answer.Free();
    }

    private bool Wait(int descriptor, uint events, long now)
    {
        Deadline = now + (descriptor == client ? Idle : UpstreamQueries.Patience);
        if (watched == descriptor)
        {
            scope.Queue.Change(descriptor, events, scope.Key, token);
            return true;
        }

        if (watched >= 0)
        {
            scope.Queue.Forget(watched);
        }

        watched = descriptor;
        return scope.Queue.Watch(descriptor, events, scope.Key, token);
    }

    private bool Complete(long now)
    {
        switch (step)
        {
            case Step.ReadQuery:
                return Begin(now);
            case Step.WriteQuery:
                step = Step.ReadAnswer;
                return true;
            case Step.ReadAnswer:
                var verdict = UpstreamAnswer.Judge(query.Content, answer.Content);
                if (verdict != UpstreamVerdict.Answer && attempts < scope.Servers.Count)
                {
                    return TryNext(now);
                }

                CloseServer();
                return verdict == UpstreamVerdict.Answer ? Reply(answer.Content.Length) : Fail();
            default:
                query.Free();
                answer.Free();
                step = Step.ReadQuery;
                return true;
        }
    }

    private bool Begin(long now)
    {
        scope.Names.Refresh(now);
        scope.Servers.Refresh(now);
        scope.Names.HasServers = scope.Servers.Count > 0;
        if (query.Content.Length < DnsQuery.HeaderSize)
        {
            return false;
        }

        var buffer = new Span<byte>(scope.Scratch.ReadBuffer, Math.Min(scope.Scratch.ReadSize, ushort.MaxValue));
        var length = scope.Names.Answer(query.Content, buffer, stream: true);
        clientId = *(ushort*)query.Start;
        if (length == NameService.AskServers)
        {
            attempts = 0;
            serverNumber = scope.Servers.First(now);
            return TryNext(now);
        }

        if (length == 0)
        {
            return false;
        }

        answer.Set(buffer[..length]);
        return Reply(length);
    }

    /// <summary>Connects to the next server that can be asked at all.</summary>
    private bool TryNext(long now)
    {
        answer.Free();
        query.Rewind();
        for (; attempts < scope.Servers.Count; attempts++)
        {
            CloseServer();
            var endpoint = scope.Servers[serverNumber];
            serverNumber = scope.Servers.Next(serverNumber);
            server = SocketCalls.TryOpen(endpoint.Family, SocketCalls.Stream);
            if (server >= 0 && SocketCalls.Connect(server, endpoint) is 0 or -SocketCalls.InProgress)
            {
                attempts++;
                *(ushort*)query.Start = UpstreamAnswer.RandomId();
                step = Step.WriteQuery;
                return Wait(server, EventQueue.Writable, now);
            }
        }

        CloseServer();
        return Fail();
    }

    private bool Fail()
    {
        Span<byte> failure = stackalloc byte[DnsQuery.PlainPayload];
        var length = NameService.Fail(query.Content, failure, DnsCode.ServerFailure);
        answer.Free();
        answer.Set(failure[..length]);
        return Reply(length);
    }

    private bool Reply(int length)
    {
        if (length < DnsQuery.HeaderSize)
        {
            return false;
        }

        *(ushort*)answer.Start = clientId;
        answer.Rewind();
        step = Step.WriteAnswer;
        return true;
    }

    private void CloseServer()
    {
        watched = watched == server ? -1 : watched;
        Native.Close(server);
        server = -1;
    }
}
