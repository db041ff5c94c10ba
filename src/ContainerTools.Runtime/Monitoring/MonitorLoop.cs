using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Waits for output, signals, what comes by the network, and the end of the container, with one thread and poll(2).</summary>
/// <param name="container">The container.</param>
/// <param name="signals">Signals to the monitor.</param>
/// <param name="output">Its standard output.</param>
/// <param name="error">Its standard error.</param>
/// <param name="scratch">Memory that goes back when all is quiet.</param>
/// <param name="events">What is watched for the container's networks.</param>
/// <param name="reload">What SIGHUP asks for.</param>
internal sealed unsafe class MonitorLoop(
    IMonitoredContainer container, SignalInbox signals, OutputPump? output, OutputPump? error, ScratchMemory scratch, EventQueue? events, Action reload)
{
    /// <summary>How long output of processes that outlived the container is waited for.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private const int Terminate = 15;
    private const int EntryCount = 7;

    // How long the container must be quiet before memory is given back.
    private const int QuietMilliseconds = 1000;

    // How long an attached reader may stand still after the container's end.
    private const long ReaderPatience = 10_000;

    /// <summary>Returns when the container's first process has ended.</summary>
    public void RunUntilExit()
    {
        while (!Step(container.Pidfd, scratch.IsUsed ? QuietMilliseconds : -1, out var quiet))
        {
            if (quiet && scratch.IsUsed)
            {
                scratch.GiveBack();
            }
        }
    }

    /// <summary>Carries the remaining output until its end, or until nothing more came for a while.</summary>
    public void Drain(TimeSpan grace)
    {
        var readerDeadline = Environment.TickCount64 + ReaderPatience;
        while (output?.Source >= 0 || error?.Source >= 0 || output?.Writable >= 0 || error?.Writable >= 0)
        {
            var blocked = output?.Writable >= 0 || error?.Writable >= 0;
            _ = Step(-1, blocked ? QuietMilliseconds : (int)grace.TotalMilliseconds, out var quiet);
            if (!quiet)
            {
                readerDeadline = Environment.TickCount64 + ReaderPatience;
                continue;
            }

            if (!blocked)
            {
                return;
            }

            if (Environment.TickCount64 > readerDeadline)
            {
                output?.Detach();
                error?.Detach();
            }
        }
    }

    /// <summary>Waits once and serves what has come; true when the process behind <paramref name="pidfd"/> has ended.</summary>
    private bool Step(int pidfd, int milliseconds, out bool quiet)
    {
        var entries = stackalloc PollEntry[EntryCount];
        entries[0] = new PollEntry { Descriptor = signals.Descriptor, Events = Native.PollIn };
        entries[1] = new PollEntry { Descriptor = pidfd, Events = Native.PollIn };
        entries[2] = new PollEntry { Descriptor = output?.Readable ?? -1, Events = Native.PollIn };
        entries[3] = new PollEntry { Descriptor = error?.Readable ?? -1, Events = Native.PollIn };
        entries[4] = new PollEntry { Descriptor = output?.Writable ?? -1, Events = Native.PollOut };
        entries[5] = new PollEntry { Descriptor = error?.Writable ?? -1, Events = Native.PollOut };

        // When the container has ended, nobody is served any more.
        var network = pidfd >= 0 ? events : null;
        entries[6] = new PollEntry { Descriptor = network?.Descriptor ?? -1, Events = Native.PollIn };
        quiet = Native.Poll(entries, EntryCount, network is null ? milliseconds : Earlier(milliseconds, network.Deadline)) == 0;
        if (entries[6].Returned != 0 || network?.Deadline <= Environment.TickCount64)
        {
            network!.Serve();
        }

        if (quiet)
        {
            return false;
        }

        if (entries[0].Returned != 0)
        {
            TakeSignals();
        }

        // The log keeps the order in which the streams were seen; within one turn standard output comes first.
        if (entries[4].Returned != 0)
        {
            output!.Resume();
        }

        if (entries[5].Returned != 0)
        {
            error!.Resume();
        }

        if (entries[2].Returned != 0)
        {
            output!.Pump();
        }

        if (entries[3].Returned != 0)
        {
            error!.Pump();
        }

        return entries[1].Returned != 0;
    }

    private void TakeSignals()
    {
        var (terminate, reloading) = signals.Take();
        if (terminate)
        {
            container.Signal(Terminate);
        }

        if (reloading)
        {
            reload();
        }
    }

    /// <summary>How long to wait, for whichever comes first; -1 is for ever.</summary>
    private static int Earlier(int milliseconds, long deadline)
    {
        var left = deadline == long.MaxValue ? -1 : (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
        return left < 0 || (milliseconds >= 0 && milliseconds < left) ? milliseconds : left;
    }
}
