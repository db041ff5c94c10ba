using System.Net;
using System.Net.Sockets;
using System.Text;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>An engine whose host is a network namespace of its own, with a neighbour machine on a link, and an image with tools to talk by.</summary>
public sealed class NetworkFixture : IAsyncLifetime
{
    public const string Image = "net";

    /// <summary>The host's address towards its neighbour.</summary>
    public const string HostAddress = "192.0.2.1";

    /// <summary>Address of the neighbour, a machine beside the host.</summary>
    public const string NeighbourAddress = "192.0.2.2";

    private readonly string _directory = Directory.CreateTempSubdirectory("ct-net-").FullName;

    public NetworkFixture()
    {
        Host = new HostNamespace(_directory);
        Neighbour = NetworkNamespace.Create();

        // Until its link-local address is confirmed, some 2 s, a link that forwards asks for no neighbour.
        Array.ForEach([Host.Namespace, Neighbour], machine => machine.Apply(NetworkSysctl.DuplicateAddressDetection("default", false)));
        using var host = NetlinkSocket.Open(Host.Namespace);
        using var neighbour = NetlinkSocket.Open(Neighbour);
        host.Execute(LinkRequest.Create(new NewLink("lan0", new VethKind(new VethPeer("lan0") { Namespace = Neighbour }))));
        Address(host, HostAddress, "2001:db8::1");
        Address(neighbour, NeighbourAddress, "2001:db8::2");
        neighbour.Execute(LinkRequest.Change("lo", new LinkChange { Up = true }));
    }

    public IContainerEngine Engine { get; private set; } = null!;

    public IContainerOperations Containers => Engine.Containers;

    public INetworkOperations Networks => Engine.Networks;

    public EngineOptions Options => new() { Root = Path.Combine(_directory, "root"), Run = Path.Combine(_directory, "run"), RuntimePath = EngineFixture.RuntimePath, NetworkNamespace = Host.Path };

    internal HostNamespace Host { get; }

    /// <summary>A machine that is the host's neighbour; it has no route to containers.</summary>
    internal NetworkNamespace Neighbour { get; }

    public async ValueTask InitializeAsync()
    {
        Engine = new ContainerEngineFactory().Open(Options);
        await Engine.Images.NewBaseAsync(new BaseImageRequest { Name = Image, Commands = ["busybox", "getent", "socat", "sh"] }, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in Containers.List())
        {
            await Containers.RemoveAsync(container.Id, force: true, CancellationToken.None);
        }

        var pins = Directory.Exists(Path.Combine(Options.Run, "netns")) ? Directory.GetFileSystemEntries(Path.Combine(Options.Run, "netns")) : [];
        var names = Directory.Exists(Path.Combine(Options.Run, "names")) ? Directory.GetFiles(Path.Combine(Options.Run, "names"), "*", SearchOption.AllDirectories) : [];
        Engine.Dispose();
        Host.Dispose();
        Neighbour.Dispose();
        Directory.Delete(_directory, recursive: true);
        Assert.Empty(pins);
        Assert.Empty(names);
    }

    /// <summary>Starts a container that sleeps, or runs what is given.</summary>
    public async Task<Container> StartAsync(string name, Func<ContainerSpec, ContainerSpec>? change = null, params string[] command)
    {
        var spec = new ContainerSpec { Image = Image, Name = name, Command = command.Length > 0 ? command : ["busybox", "sleep", "600"], StopTimeout = TimeSpan.Zero };
        var made = Containers.Create((change ?? (same => same))(spec));
        return await Containers.StartAsync(made.Id, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a shell line in a container; gives its exit code and both outputs.</summary>
    public async Task<(int Code, string Output)> ExecAsync(string container, string line)
    {
        using var output = new MemoryStream();
        var result = await Containers.ExecAsync(
            container, new ExecSpec { Command = ["busybox", "sh", "-c", line] }, new ContainerStreams { Stdout = output, Stderr = output }, TestContext.Current.CancellationToken);
        return (result.ExitCode, Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>Runs a program in the host's namespace; gives its output.</summary>
    public string Tool(string program, params string[] words) => LayerRoundTripTests.Run("nsenter", [$"--net={Host.Path}", program, .. words]);

    /// <summary>Gives the neighbour routes to a network by the host.</summary>
    public void LeadNeighbourTo(string network)
    {
        using var links = NetlinkSocket.Open(Neighbour);
        links.Execute([.. Networks.Get(network).Subnet.Select(subnet => IPNetwork.Parse(subnet.Subnet)).Select(subnet => RouteRequest.Add(new Route(subnet)
        {
            Gateway = IPAddress.Parse(subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? HostAddress : "2001:db8::1"),
        }))]);
    }

    /// <summary>Takes all rules away, as a reload of somebody else's firewall does: what an attack achieves without a defence.</summary>
    public void Flush() => Tool("nft", "flush", "ruleset");

    /// <summary>Sees to it that br_netfilter, where it is loaded, shows the rules nothing of what a bridge switches: the rules then stand behind the ports of the bridge alone.</summary>
    public void SwitchWithoutRules() => Tool("busybox", "sh", "-c", "for switch in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $switch ] || echo 0 > $switch; done");

    /// <summary>A link of that name between the host and its neighbour, on the host in a bridge or VRF if one is named.</summary>
    internal void Wire(string name, string[]? ofHost, string[] ofNeighbour, string? master = null)
    {
        using var here = NetlinkSocket.Open(Host.Namespace);
        using var there = NetlinkSocket.Open(Neighbour);
        here.Execute(LinkRequest.Create(new NewLink(name, new VethKind(new VethPeer(name) { Namespace = Neighbour })) { Master = master is null ? null : here.FindLink(master)!.Index }));
        foreach (var (socket, addresses) in new[] { (here, ofHost ?? []), (there, ofNeighbour) })
        {
            var index = socket.FindLink(name)!.Index;
            socket.Execute(
            [
                LinkRequest.Change(index, new LinkChange { Up = true }),
                .. addresses.Select(text => text.Split('/')).Select(parts => AddressRequest.Add(
                    new LinkAddress(index, IPAddress.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)) { Flags = parts[0].Contains(':', StringComparison.Ordinal) ? AddressFlags.NoDuplicateDetection : AddressFlags.None })),
            ]);
        }
    }

    /// <summary>A container's network namespace, while it runs.</summary>
    internal NetworkNamespace NamespaceOf(Container container) => NetworkNamespace.Open(Path.Combine(Options.Run, "netns", container.Id));

    /// <summary>Connects by TCP from a namespace and reads to the end; null when nobody answers.</summary>
    internal static string? Fetch(NetworkNamespace from, string address, int port, int milliseconds = 1500) => from.Run(() =>
    {
        using var socket = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendTimeout = milliseconds, ReceiveTimeout = milliseconds, Blocking = false };
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
        {
            if (!socket.Poll(milliseconds * 1000, SelectMode.SelectWrite))
            {
                return null;
            }
        }
        catch (SocketException)
        {
            return null;
        }

        try
        {
            socket.Blocking = true;
            var buffer = new byte[4096];
            var text = new StringBuilder();
            for (var count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            return text.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    });

    /// <summary>As <see cref="Fetch"/>, while the server may still be starting.</summary>
    internal static async Task<string?> FetchSoonAsync(NetworkNamespace from, string address, int port)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (Fetch(from, address, port) is { } text)
            {
                return text;
            }

            await Task.Delay(30, TestContext.Current.CancellationToken);
        }

        return null;
    }

    /// <summary>A command that tells a text, and the client's address, to everybody who connects.</summary>
    public static string[] Serve(int port, string text) => ["socat", $"TCP-LISTEN:{port},fork,reuseaddr,pf=ip6,ipv6only=0", $"SYSTEM:echo {text} $SOCAT_PEERADDR"];

    private static void Address(NetlinkSocket links, string ipv4, string ipv6)
    {
        var index = links.FindLink("lan0")!.Index;
        links.Execute(
            LinkRequest.Change(index, new LinkChange { Up = true }),
            AddressRequest.Add(new LinkAddress(index, IPAddress.Parse(ipv4), 24)),
            AddressRequest.Add(new LinkAddress(index, IPAddress.Parse(ipv6), 64) { Flags = AddressFlags.NoDuplicateDetection }));
    }
}
