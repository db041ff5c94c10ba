using ContainerTools.Linux;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Forwarding;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.Names;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>What a monitor does for its container's networks while it runs, and what it takes away at the end; see <see cref="MonitorNetwork"/>.</summary>
internal sealed class MonitoredNetwork : IDisposable
{
    private readonly string path;
    private readonly ScratchMemory scratch;
    private readonly HeldPorts held = new();
    private readonly ForwardedPorts forwarded;
    private MonitorNetwork description;
    private Resolver? resolver;

    /// <summary>Reads the description; nothing is done yet.</summary>
    public MonitoredNetwork(string path, ScratchMemory scratch)
    {
        (this.path, this.scratch) = (path, scratch);
        forwarded = new ForwardedPorts(Events, scratch, held);
        description = Read();
    }

    /// <summary>What is watched for it.</summary>
    public EventQueue Events { get; } = new();

    /// <summary>Does what must be done before the container's program runs.</summary>
    public void Start() => Apply(description);

    /// <summary>Reads the description again, does what is new in it, or goes on as before, and replies.</summary>
    public void Reload()
    {
        var reply = new MonitorEvent { Kind = "applied" };
        try
        {
            var next = Read();
            Apply(next);
            description = next;
        }
        catch (Exception error)
        {
            reply = MonitorFailure.Describe(error).Report;
            Restore();
        }

        WholeFile.Write(path + MonitorNetwork.ReplySuffix, reply.ToJson(), lasting: false);
    }

    /// <summary>What to do when the container has ended, step by step; each is worth trying when another failed.</summary>
    public IEnumerable<(string Step, Action Action)> Ending()
    {
        foreach (var file in description.NameFiles)
        {
            yield return ("names", () => Remove(file));
        }

        if (description.FirewallRemoval is { } batch)
        {
            yield return ("firewall", () => RemoveFromFirewall(batch.Span));
        }

        // Only now: who gets a port next publishes it in the same table, under the same key.
        yield return ("ports", Dispose);
        if (description.Namespace is { } pin)
        {
            yield return ("network namespace", () => NetworkNamespace.Unpin(pin));
        }
    }

    /// <summary>Says that all of <see cref="Ending"/> is done: whoever finds the description would do it again, to ports that may be another's by then.</summary>
    public void Forget()
    {
        Remove(path + MonitorNetwork.ReplySuffix);
        Remove(path);
    }

    /// <summary>Ends what is done while the container runs.</summary>
    public void Dispose()
    {
        forwarded.Dispose();
        held.Dispose();
        resolver?.Dispose();
        resolver = null;
        Events.Dispose();
    }

    private static void RemoveFromFirewall(ReadOnlySpan<byte> batch)
    {
        using var socket = NfnetlinkSocket.Open();
        socket.Remove(batch);
    }

    private static void Remove(string file)
    {
        var errno = Native.Unlink(file);
        if (errno is not (0 or Native.ENOENT))
        {
            throw new LinuxException(errno, "unlink", file);
        }
    }

    private void Restore()
    {
        try
        {
            Apply(description);
        }
        catch (Exception error) when (error is LinuxException or ContainerStartException)
        {
            // Something was taken meanwhile by somebody else; the reply tells what began it.
        }
    }

    private MonitorNetwork Read() => MonitorNetwork.Parse(File.ReadAllBytes(path));

    private void Apply(MonitorNetwork next)
    {
        using (var room = new DescriptorRoom())
        {
            held.Hold(next.Ports, room);
            forwarded.Forward(next.Forwards, room);
        }

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
