using System.Text.Json;
using ContainerTools.Linux;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// A started <c>ctrun monitor</c> or <c>ctrun exec</c>: its status pipe and, when attached, its standard streams. One thread pumps all of them, so that
/// a silent container costs nothing and a loud one is never read faster than its reader takes it.
/// </summary>
internal sealed class MonitorProcess : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly SafeFileHandle _status;
    private readonly SafeFileHandle? _stdout;
    private readonly SafeFileHandle? _stderr;
    private readonly SafeFileHandle? _stdin;
    private readonly ContainerStreams? _streams;
    private readonly MemoryStream _line = new();

    private MonitorProcess(int pid, SafeFileHandle status, SafeFileHandle? stdin, SafeFileHandle? stdout, SafeFileHandle? stderr, ContainerStreams? streams)
    {
        Pid = pid;
        _status = status;
        _stdin = stdin;
        _stdout = stdout;
        _stderr = stderr;
        _streams = streams;
    }

    /// <summary>Process id of the runtime process.</summary>
    public int Pid { get; }

    /// <summary>Starts the runtime with descriptors 0 to 3 connected. Throws <c>RuntimeUnavailable</c>.</summary>
    public static MonitorProcess Start(string runtimePath, IReadOnlyList<string> arguments, ContainerStreams? streams)
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        using var status = new PipeEnds();
        using var stdin = PipeEnds.When(streams?.Stdin is not null);
        using var stdout = PipeEnds.When(streams?.Stdout is not null);
        using var stderr = PipeEnds.When(streams?.Stderr is not null);
        try
        {
            ChildReaper.Sweep();
            var pid = SpawnedProcess.Start(
                runtimePath,
                [runtimePath, .. arguments],
                ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                [Number(stdin?.Reader ?? nothing), Number(stdout?.Writer ?? nothing), Number(stderr?.Writer ?? nothing), Number(status.Writer)]);
            return new MonitorProcess(pid, status.TakeReader(), stdin?.TakeWriter(), stdout?.TakeReader(), stderr?.TakeReader(), streams);
        }
        catch (LinuxException error)
        {
            throw new ContainerToolsException(
                ErrorKind.Unavailable,
                "RuntimeUnavailable",
                $"The container runtime cannot be started: {error.Message}",
                runtimePath,
                "Build it with 'dotnet build src/ContainerTools.Runtime', or name it in CONTAINERTOOLS_RUNTIME.",
                error)
            { Errno = error.Errno, Syscall = error.Syscall, Path = error.Path };
        }
    }

    /// <summary>Reads the status pipe to the first event, which says whether the start succeeded.</summary>
    public Task<MonitorEvent?> ReadEventAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            while (true)
            {
                if (TakeEvent() is { } known)
                {
                    return known;
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (Poll.IsReadable(_status, 100) && !Fill())
                {
                    return null;
                }
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Pumps the attached streams until the process has closed them and its status pipe; returns the events in order.</summary>
    public Task<List<MonitorEvent>> PumpAsync(Action<MonitorEvent>? onEvent, CancellationToken cancellationToken)
    {
        if (_stdin is not null)
        {
            _ = Task.Run(() => CopyStdinAsync(_streams!.Stdin!, _stdin, cancellationToken), CancellationToken.None);
        }

        return Task.Factory.StartNew(() => Pump(onEvent, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for the process itself; returns its exit code.</summary>
    public int Wait() => ChildReaper.Wait(Pid);

    /// <summary>Lets the process live on without us; it is reaped in passing.</summary>
    public void Release() => ChildReaper.Adopt(Pid);

    public void Dispose()
    {
        _status.Dispose();
        _stdin?.Dispose();
        _stdout?.Dispose();
        _stderr?.Dispose();
        _line.Dispose();
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private List<MonitorEvent> Pump(Action<MonitorEvent>? onEvent, CancellationToken cancellationToken)
    {
        var events = new List<MonitorEvent>();
        SafeFileHandle?[] open = [_stdout, _stderr, _status];
        var buffer = new byte[BufferSize];
        Span<bool> ready = stackalloc bool[open.Length];
        while (open.Any(handle => handle is not null))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Everyone that is ready gets its turn: a flood on one stream must not keep the other or the events waiting.
            Poll.Wait(open, ready, 100);
            if (ready[0] && !Copy(_stdout!, _streams!.Stdout!, buffer))
            {
                open[0] = null;
            }

            if (ready[1] && !Copy(_stderr!, _streams!.Stderr!, buffer))
            {
                open[1] = null;
            }

            if (ready[2])
            {
                open[2] = Fill() ? _status : null;
                while (TakeEvent() is { } item)
                {
                    events.Add(item);
                    onEvent?.Invoke(item);
                }
            }
        }

        return events;
    }

    private static bool Copy(SafeFileHandle from, Stream to, byte[] buffer)
    {
        var count = Math.Max(0, Descriptor.Read(from, buffer));
        to.Write(buffer, 0, count);
        return count > 0;
    }

    private static async Task CopyStdinAsync(Stream from, SafeFileHandle to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        try
        {
            using (to)
            {
                for (var count = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false); count > 0;
                    count = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false))
                {
                    Descriptor.Write(to, buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception error) when (error is IOException or LinuxException or OperationCanceledException or ObjectDisposedException)
        {
            // The container has closed its standard input or has ended: what is left has no reader.
        }
    }

    private bool Fill()
    {
        var buffer = new byte[4096];
        var count = Math.Max(0, Descriptor.Read(_status, buffer));
        _line.Write(buffer, 0, count);
        return count > 0;
    }

    private MonitorEvent? TakeEvent()
    {
        var bytes = _line.GetBuffer().AsSpan(0, (int)_line.Length);
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        var item = JsonSerializer.Deserialize(bytes[..end], MonitoringJson.Default.MonitorEvent);
        var rest = bytes[(end + 1)..].ToArray();
        _line.SetLength(0);
        _line.Write(rest);
        return item;
    }

    /// <summary>A pipe whose ends close with the scope unless taken.</summary>
    private sealed class PipeEnds : IDisposable
    {
        private readonly Pipe _pipe = new();
        private bool _readerTaken;
        private bool _writerTaken;

        public SafeFileHandle Reader => _pipe.Reader;

        public SafeFileHandle Writer => _pipe.Writer;

        public static PipeEnds? When(bool wanted) => wanted ? new PipeEnds() : null;

        public SafeFileHandle TakeReader()
        {
            _readerTaken = true;
            return _pipe.Reader;
        }

        public SafeFileHandle TakeWriter()
        {
            _writerTaken = true;
            return _pipe.Writer;
        }

        public void Dispose()
        {
            if (!_readerTaken)
            {
                _pipe.Reader.Dispose();
            }

            if (!_writerTaken)
            {
                _pipe.Writer.Dispose();
            }
        }
    }
}
