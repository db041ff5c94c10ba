using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>Takes queries that come over UDP and answers them, many for each pair of system calls.</summary>
internal sealed unsafe class DatagramQueries : IEventSource
{
    private const int Batch = 16;

    // A query is its question, an OPT record, and little else.
    private const int LongestQuery = 1280;
    private const int LongestAnswer = 2560;

    // Batches before others get their turn.
    private const int Batches = 4;

    // How long names are remembered without anybody asking.
    private const long Memory = 30_000;
    private readonly int listener;
    private readonly NameService names;
    private readonly UpstreamServers servers;
    private readonly UpstreamQueries upstream;
    private readonly ScratchMemory scratch;
    private long forgetAt = long.MaxValue;

    /// <summary>Takes over a bound socket.</summary>
    public DatagramQueries(int listener, NameService names, UpstreamServers servers, UpstreamQueries upstream, ScratchMemory scratch, EventQueue queue)
    {
        (this.listener, this.names, this.servers, this.upstream, this.scratch) = (listener, names, servers, upstream, scratch);
        queue.Watch(listener, EventQueue.Readable, queue.Register(this), 0);
    }

    public long Deadline => forgetAt;

    public void Expire(long now)
    {
        names.Forget();
        forgetAt = long.MaxValue;
        IdleMemory.GiveBack();
    }

    public void Serve(int token, long now)
    {
        forgetAt = now + Memory;
        var received = Batch;
        for (var turn = 0; turn < Batches && received == Batch; turn++)
        {
            // Reading names may take long: the time is that of each batch.
            received = ServeBatch(turn == 0 ? now : Environment.TickCount64);
        }
    }

    private int ServeBatch(long now)
    {
        var endpoints = stackalloc InternetEndpoint[Batch];
        var buffers = stackalloc DatagramBuffer[Batch];
        var headers = stackalloc DatagramHeader[Batch];
        var queries = scratch.ReadBuffer;
        var answers = queries + (Batch * LongestQuery);
        for (var index = 0; index < Batch; index++)
        {
            buffers[index] = new DatagramBuffer { Start = queries + (index * LongestQuery), Length = LongestQuery };
            headers[index] = new DatagramHeader { Endpoint = endpoints + index, EndpointSize = InternetEndpoint.LargestSize, Buffers = buffers + index, BufferCount = 1 };
        }

        var received = SocketCalls.ReceiveMany(listener, headers, Batch);
        if (received <= 0)
        {
            return received;
        }

        // After the queries have come: an answer is never older than its question.
        names.Refresh(now);
        servers.Refresh(now);
        names.HasServers = servers.Count > 0;
        var ready = 0;
        for (var index = 0; index < received; index++)
        {
            if ((headers[index].Flags & DatagramHeader.Truncated) != 0)
            {
                continue;
            }

            var query = new ReadOnlySpan<byte>(buffers[index].Start, (int)headers[index].Length);
            var answer = answers + (ready * LongestAnswer);
            var length = names.Answer(query, new Span<byte>(answer, LongestAnswer), stream: false);
            if (length == NameService.AskServers)
            {
                length = upstream.Ask(query, endpoints[index], now) ? 0 : NameService.Fail(query, new Span<byte>(answer, LongestAnswer), DnsCode.ServerFailure);
            }

            if (length > 0)
            {
                // Never ahead of the one that is being read.
                headers[ready] = new DatagramHeader { Endpoint = endpoints + index, EndpointSize = endpoints[index].Size, Buffers = buffers + ready, BufferCount = 1 };
                buffers[ready++] = new DatagramBuffer { Start = answer, Length = (nuint)length };
            }
        }

        Send(headers, ready);
        return received;
    }

    private void Send(DatagramHeader* headers, int count)
    {
        // One that cannot be sent is as good as lost on the way: the client asks again.
        for (var done = 0; done < count;)
        {
            done += Math.Max(SocketCalls.SendMany(listener, headers + done, count - done), 1);
        }
    }
}
