using System.Runtime.InteropServices;
using ContainerTools.Linux;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Sockets;

/// <summary>Any number of descriptors behind one that is readable when one of them is ready (epoll(7)).</summary>
internal sealed unsafe partial class EventQueue : IDisposable
{
    public const uint Readable = 1;
    public const uint Writable = 4;

    // How many are served, and about how long, before the caller looks after its other business.
    private const int Turn = 64;
    private const long TurnMilliseconds = 20;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;

    // struct epoll_event is packed on x86-64 alone (linux/eventpoll.h).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private readonly List<IEventSource?> sources = [];

    public EventQueue()
    {
        Descriptor = epoll_create1(Native.CloseOnExec);
        if (Descriptor < 0)
        {
            throw LinuxException.FromLastError("epoll_create1");
        }
    }

    public int Descriptor { get; private set; }

    /// <summary>The earliest deadline of all sources.</summary>
    public long Deadline
    {
        get
        {
            var earliest = long.MaxValue;
            for (var index = 0; index < sources.Count; index++)
            {
                earliest = Math.Min(earliest, sources[index]?.Deadline ?? long.MaxValue);
            }

            return earliest;
        }
    }

    /// <summary>Adds a source; returns the key under which its descriptors are watched.</summary>
    public int Register(IEventSource source)
    {
        sources.Add(source);
        return sources.Count - 1;
    }

    /// <summary>Forgets a source, whose descriptors must be closed.</summary>
    public void Unregister(int key) => sources[key] = null;

    /// <summary>Watches a descriptor; false when the kernel has no room for it.</summary>
    /// <param name="descriptor">The descriptor; closing its last duplicate ends the watch.</param>
    /// <param name="events"><see cref="Readable"/>, <see cref="Writable"/> or both.</param>
    /// <param name="key">Of the source.</param>
    /// <param name="token">What the source knows it by.</param>
    public bool Watch(int descriptor, uint events, int key, int token) => Control(Add, descriptor, events, key, token);

    /// <summary>Watches a watched descriptor for other events.</summary>
    public void Change(int descriptor, uint events, int key, int token) => Control(Modify, descriptor, events, key, token);

    /// <summary>Ends the watch of a descriptor that stays open.</summary>
    public void Forget(int descriptor) => Control(Delete, descriptor, 0, 0, 0);

    /// <summary>Serves what is ready and what is due.</summary>
    public void Serve()
    {
        var entry = stackalloc byte[16];
        var now = Environment.TickCount64;
        var end = now + TurnMilliseconds;

        // One by one: what is served first may close what was ready with it. The kernel puts each behind the others, so that all get their turn.
        for (var turn = 0; turn < Turn && now < end && epoll_wait(Descriptor, entry, 1, 0) == 1; turn++)
        {
            var data = *(ulong*)(entry + DataOffset);
            sources[(int)(data >> 32)]?.Serve((int)(uint)data, now);
            now = Environment.TickCount64;
        }

        for (var index = 0; index < sources.Count; index++)
        {
            if (sources[index] is { } source && source.Deadline <= now)
            {
                source.Expire(now);
            }
        }
    }

    public void Dispose()
    {
        Native.Close(Descriptor);
        Descriptor = -1;
    }

    private bool Control(int operation, int descriptor, uint events, int key, int token)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(ulong*)(entry + DataOffset) = ((ulong)key << 32) | (uint)token;
        return epoll_ctl(Descriptor, operation, descriptor, entry) == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int queue, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int queue, byte* entries, int count, int milliseconds);
}
