using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Names;

/// <summary>The names of one network, as they are in its directory now.</summary>
internal sealed class NameDirectory(string directory) : IDisposable
{
    // Times of files come from a clock that ticks every 10 ms at the slowest (CONFIG_HZ=100): two changes may leave one time.
    private const long TwoTicks = 20;
    private readonly byte[] path = Native.Bytes(directory);
    private FileStamp seen;
    private long seenAt;
    private bool settled;

    public NameTable Table { get; private set; } = new();

    /// <summary>Reads the directory again if it has changed, which costs one system call when it has not.</summary>
    /// <param name="now">Milliseconds of a clock that is never set.</param>
    public void Refresh(long now)
    {
        var stamp = FileStamp.Of(path);
        if (stamp != seen)
        {
            (seen, seenAt, settled) = (stamp, now, false);
        }

        if (settled)
        {
            return;
        }

        // Who reads this long after the time was first seen has seen all that was changed at that time.
        settled = now - seenAt > TwoTicks;
        Table.Dispose();
        Table = new NameTable();
        NameFiles.Read(path, Table);
        Table.Complete();
    }

    /// <summary>Gives the memory back until the next <see cref="Refresh"/>.</summary>
    public void Forget()
    {
        Table.Dispose();
        (seen, settled) = (default, false);
    }

    public void Dispose() => Table.Dispose();
}
