using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Tests.Monitoring;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>
/// A container with a real monitor and a pinned network namespace of its own, and a host that is a namespace too. Programs run in the container's network with a
/// resolv.conf that names its name server.
/// </summary>
internal sealed class NamedContainer : IDisposable
{
    private readonly string pin;
    private RunningMonitor? monitor;

    public NamedContainer(params string[] command)
    {
        Bundle = new MonitorBundle(command.Length > 0 ? command : ["sleep", "600"]);
        Host = Raise(NetworkNamespace.Create());
        Own = Raise(NetworkNamespace.Create());
        pin = Path.Combine(Bundle.DirectoryPath, "netns");
        Own.Pin(pin);
        Bundle.NetworkNamespacePath = pin;
        Bundle.Network = new MonitorNetwork { Namespace = pin, Names = new MonitorNames { Networks = [Network("shop")] } };
        File.WriteAllText(ResolvConf, "nameserver 127.0.0.11\n");
    }

    public MonitorBundle Bundle { get; }

    public NetworkNamespace Host { get; }

    public NetworkNamespace Own { get; }

    public int MonitorPid => monitor!.Pid;

    public bool IsPinned => File.Exists(pin);

    private string ResolvConf => Path.Combine(Bundle.DirectoryPath, "resolv.conf");

    public NamedNetwork Network(string name, bool isInternal = false) =>
        new() { Directory = Directory.CreateDirectory(Path.Combine(Bundle.DirectoryPath, "names", name)).FullName, Internal = isInternal };

    /// <summary>Writes a name file as an engine does; returns its path.</summary>
    public string Write(string network, string container, params string[] lines)
    {
        var directory = Network(network).Directory;
        var temporary = Path.Combine(directory, "." + container);
        File.WriteAllText(temporary, string.Concat(lines.Select(line => line + "\n")));
        File.Move(temporary, Path.Combine(directory, container), overwrite: true);
        return Path.Combine(directory, container);
    }

    /// <summary>Starts the monitor in the host's namespace; returns its first event.</summary>
    public MonitorEvent Start()
    {
        monitor = Host.Run(() => Bundle.Start());
        return monitor.Read()!;
    }

    /// <summary>Starts the container, which must succeed.</summary>
    public NamedContainer Run()
    {
        Assert.Equal("started", Start().Kind);
        return this;
    }

    /// <summary>Changes what the monitor does; returns its reply.</summary>
    public MonitorEvent Reload(MonitorNetwork network) => Reload(network.ToJson());

    /// <summary>Changes what the monitor reads; returns its reply.</summary>
    public MonitorEvent Reload(byte[] description)
    {
        var reply = Bundle.NetworkPath + MonitorNetwork.ReplySuffix;
        File.Delete(reply);
        File.WriteAllBytes(Bundle.NetworkPath + ".new", description);
        File.Move(Bundle.NetworkPath + ".new", Bundle.NetworkPath, overwrite: true);
        using var pidfd = Linux.Processes.Pidfd.Open(MonitorPid, Linux.Processes.ProcessStat.Read(MonitorPid)!.Value.StartTime)!;
        Assert.True(pidfd.SendSignal(Linux.Processes.Signals.Parse("HUP")!.Value));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(reply), 10_000));
        return JsonSerializer.Deserialize(File.ReadAllBytes(reply), MonitoringJson.Default.MonitorEvent)!;
    }

    /// <summary>Runs a shell command in the container's network with its resolv.conf; returns what it printed.</summary>
    public string Execute(string command)
    {
        var script = $"mount --bind {ResolvConf} /etc/resolv.conf && {command}";
        using var process = Process.Start(new ProcessStartInfo("nsenter", [$"--net={pin}", "unshare", "--mount", "sh", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.Result;
    }

    /// <summary>What <c>dig +short</c> prints, in order of the lines.</summary>
    public string[] Dig(string arguments) => Execute($"dig +short +time=5 +tries=1 {arguments}").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Ends the container; returns the monitor's last event.</summary>
    public MonitorEvent? Stop()
    {
        // It may end by itself at this moment.
        if (Bundle.State is { } state)
        {
            using var process = Linux.Processes.Pidfd.Open(state.Pid, state.StartTime);
            process?.SendSignal(Linux.Processes.Signals.Kill);
        }

        var events = monitor!.ReadToEnd();
        return events.Count == 0 ? null : events[^1];
    }

    public void Dispose()
    {
        if (monitor is not null)
        {
            Stop();
            monitor.Dispose();
        }

        Bundle.Network = null;
        Bundle.Spec = Bundle.Spec with { NetworkPath = null };
        NetworkNamespace.Unpin(pin);
        Bundle.Dispose();
        Own.Dispose();
        Host.Dispose();
    }

    private static NetworkNamespace Raise(NetworkNamespace network)
    {
        using var socket = NetlinkSocket.Open(network);

        // Addresses besides the loopback's: without, getaddrinfo(3) does not ask at all (AI_ADDRCONFIG).
        socket.Execute(
            LinkRequest.Change("lo", new LinkChange { Up = true }),
            AddressRequest.Add(new LinkAddress(1, IPAddress.Parse("10.89.4.99"), 32)),
            AddressRequest.Add(new LinkAddress(1, IPAddress.Parse("fd00::99"), 128)));
        return network;
    }
}
