using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Names;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>What a monitor does for its container's networks while it runs, and what it takes away at the end; see <see cref="MonitorNetwork"/>.</summary>
internal sealed class MonitoredNetwork : IDisposable
{
    private readonly string path;
    private readonly ScratchMemory scratch;
    private MonitorNetwork description;
    private Resolver? resolver;

    /// <summary>Reads the description; nothing is done yet.</summary>
    public MonitoredNetwork(string path, ScratchMemory scratch)
    {
        (this.path, this.scratch) = (path, scratch);
        description = Read();
    }

    /// <summary>What is watched for it.</summary>
    public EventQueue Events { get; } = new();

    /// <summary>Does what must be done before the container's program runs.</summary>
    public void Start() => Apply(description);

    /// <summary>Reads the description again, and does what is new in it.</summary>
    public void Reload()
    {
        var next = Read();
        Apply(next);
        description = next;
    }

    /// <summary>What is left to do when the container has ended, step by step; each is worth trying when another failed.</summary>
    public IEnumerable<(string Step, Action Action)> Removal()
    {
        foreach (var file in description.NameFiles)
        {
            yield return ("names", () => Remove(file));
        }

        if (description.Namespace is { } pin)
        {
            yield return ("network namespace", () => NetworkNamespace.Unpin(pin));
        }
    }

    /// <summary>Ends what is done while the container runs.</summary>
    public void Dispose()
    {
        resolver?.Dispose();
        resolver = null;
        Events.Dispose();
    }

    private static void Remove(string file)
    {
        var errno = Native.Unlink(file);
        if (errno is not (0 or Native.ENOENT))
        {
            throw new LinuxException(errno, "unlink", file);
        }
    }

    private MonitorNetwork Read() => MonitorNetwork.Parse(File.ReadAllBytes(path));

    private void Apply(MonitorNetwork next)
    {
        if (next.Names is not { } names)
        {
            resolver?.Answer(new MonitorNames());
        }
        else if (resolver is not null)
        {
            resolver.Answer(names);
        }
        else
        {
            var place = next.Namespace ?? throw new FormatException($"'{path}' has names, but no namespace to answer them in.");
            resolver = new Resolver(place, names, Events, scratch);
        }
    }
}
