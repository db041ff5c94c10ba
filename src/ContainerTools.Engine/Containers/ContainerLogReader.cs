using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ContainerTools.Engine.Containers;

/// <summary>Reads a rotated json-file log, oldest file first, and follows it across rotations.</summary>
internal sealed class ContainerLogReader(string container, string path)
{
    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Entries that pass the query. When it follows, <paramref name="isRunning"/> says whether more may come.</summary>
    public async IAsyncEnumerable<ContainerLogEntry> ReadAsync(
        ContainerLogQuery query, Func<bool> isRunning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (past, newest) = ReadPast(query);
        using (newest)
        {
            foreach (var entry in past)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }

            if (query.Follow)
            {
                await foreach (var entry in FollowAsync(newest, isRunning, cancellationToken).ConfigureAwait(false))
                {
                    if (entry.Time >= query.Until)
                    {
                        yield break;
                    }

                    if (Passes(entry, query))
                    {
                        yield return entry;
                    }
                }
            }
        }
    }

    private (IEnumerable<ContainerLogEntry> Entries, LineReader? Newest) ReadPast(ContainerLogQuery query)
    {
        // Open before listing: a rotation in between renames a file that is open already, and nothing is lost.
        var newest = LineReader.TryOpen(path);
        var entries = Read(newest).Where(entry => Passes(entry, query));
        return query.Tail is { } count ? (Last(entries, count), newest) : (entries, newest);
    }

    private IEnumerable<ContainerLogEntry> Read(LineReader? newest)
    {
        var rotated = Enumerable.Range(1, 999).Select(index => $"{path}.{index}").TakeWhile(File.Exists).Reverse().ToList();
        foreach (var file in rotated)
        {
            using var reader = LineReader.TryOpen(file);
            foreach (var entry in Read(reader, container))
            {
                yield return entry;
            }
        }

        foreach (var entry in Read(newest, container))
        {
            yield return entry;
        }
    }

    private async IAsyncEnumerable<ContainerLogEntry> FollowAsync(
        LineReader? start, Func<bool> isRunning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var current = start;
        try
        {
            while (true)
            {
                // Asked before the read: what was written before the end is still read once more after it.
                var more = isRunning();
                current ??= LineReader.TryOpen(path);
                foreach (var entry in Read(current, container))
                {
                    yield return entry;
                }

                if (current is not null && current.IsRotatedAway(path))
                {
                    foreach (var entry in Read(current, container))
                    {
                        yield return entry;
                    }

                    if (current != start)
                    {
                        current.Dispose();
                    }

                    current = null;
                    continue;
                }

                if (!more)
                {
                    yield break;
                }

                await Task.Delay(FollowPause, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (current != start)
            {
                current?.Dispose();
            }
        }
    }

    private static IEnumerable<ContainerLogEntry> Read(LineReader? reader, string container)
    {
        while (reader?.ReadLine() is { } line)
        {
            yield return Parse(line, container);
        }
    }

    private static List<ContainerLogEntry> Last(IEnumerable<ContainerLogEntry> entries, int count)
    {
        var last = new Queue<ContainerLogEntry>();
        foreach (var entry in entries)
        {
            last.Enqueue(entry);
            if (last.Count > count)
            {
                last.Dequeue();
            }
        }

        return [.. last];
    }

    private static bool Passes(ContainerLogEntry entry, ContainerLogQuery query) =>
        (query.Since is null || entry.Time >= query.Since)
        && (query.Until is null || entry.Time < query.Until)
        && (query.Stream is null || entry.Stream == query.Stream);

    private static ContainerLogEntry Parse(byte[] line, string container)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var message = root.GetProperty("log").GetString()!;
        return new ContainerLogEntry
        {
            Container = container,
            Time = root.GetProperty("time").GetDateTimeOffset(),
            Stream = root.GetProperty("stream").ValueEquals("stderr") ? ContainerLogStream.Stderr : ContainerLogStream.Stdout,
            Message = message.EndsWith('\n') ? message[..^1] : message,
        };
    }

    /// <summary>Whole lines of a growing file; a line whose end is not written yet is left for the next call.</summary>
    private sealed class LineReader : IDisposable
    {
        private readonly FileStream _file;
        private readonly byte[] _buffer = new byte[64 * 1024];
        private readonly MemoryStream _line = new();
        private int _start;
        private int _end;

        private LineReader(FileStream file) => _file = file;

        public static LineReader? TryOpen(string path)
        {
            try
            {
                return new LineReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0));
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }

        public byte[]? ReadLine()
        {
            while (true)
            {
                var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
                if (newline >= 0)
                {
                    _line.Write(_buffer, _start, newline);
                    _start += newline + 1;
                    var line = _line.ToArray();
                    _line.SetLength(0);
                    return line;
                }

                _line.Write(_buffer, _start, _end - _start);
                _start = 0;
                _end = _file.Read(_buffer);
                if (_end == 0)
                {
                    return null;
                }
            }
        }

        /// <summary>True when the open file no longer has its name: it has been rotated, and its end is final.</summary>
        public bool IsRotatedAway(string path)
        {
            var link = new FileInfo($"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
            return Path.GetFileName(link) != Path.GetFileName(path);
        }

        public void Dispose()
        {
            _file.Dispose();
            _line.Dispose();
        }
    }
}
