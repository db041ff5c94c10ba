using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Tests.Netlink;

public class NetworkNamespaceTests
{
    private static string Identity() => File.ResolveLinkTarget("/proc/thread-self/ns/net", false)!.ToString();

    [Fact]
    public void The_callers_thread_stays_in_its_namespace()
    {
        string before = Identity();
        using var network = NetworkNamespace.Create();
        using var socket = NetlinkSocket.Open(network);
        string inside = network.Run(Identity);
        Assert.NotEqual(before, inside);
        Assert.Equal(before, Identity());
        Assert.Throws<InvalidDataException>((Action)(() => network.Run(() => throw new InvalidDataException())));
        Assert.Equal(before, Identity());
        using var current = NetworkNamespace.OpenCurrent();
        Assert.Equal(before, network.Run(() => current.Run(Identity)));
    }

    [Fact]
    public void A_pinned_namespace_lives_on_without_a_descriptor_until_it_is_unpinned()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netns-{Guid.NewGuid():n}");
        string identity;
        using (var network = NetworkNamespace.Create())
        {
            network.Pin(path);
            identity = network.Run(Identity);
            Assert.Throws<IOException>(() => network.Pin(path));
        }

        try
        {
            using var reopened = NetworkNamespace.Open(path);
            Assert.Equal(identity, reopened.Run(Identity));
        }
        finally
        {
            NetworkNamespace.Unpin(path);
        }

        Assert.False(File.Exists(path));
        Assert.False(MountTable.IsMountPoint(path));
        NetworkNamespace.Unpin(path);
    }

    [Theory]
    [InlineData("/proc/self/ns/uts")]
    [InlineData("/etc/passwd")]
    public void Another_file_is_no_network_namespace(string path)
    {
        var error = Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path));
        Assert.Equal($"open {path}: Invalid argument (errno 22): the file is no network namespace", error.Message);
    }

    [Fact]
    public void Settings_are_written_to_the_namespace_and_nowhere_else()
    {
        using var network = NetworkNamespace.Create();
        using var socket = NetlinkSocket.Open(network);
        socket.Execute(LinkRequest.Create(new("br0.1", new BridgeKind())));
        NetworkSysctl[] settings =
        [
            NetworkSysctl.IPv4Forwarding(true),
            NetworkSysctl.IPv6Forwarding(true),
            NetworkSysctl.RouteLocalnet("br0.1", true),
            NetworkSysctl.DisableIPv6("br0.1", true),
            NetworkSysctl.AcceptRouterAdvertisements("br0.1", 2),
            NetworkSysctl.DuplicateAddressDetection("br0.1", false),
        ];
        network.Apply(settings);
        Assert.All(settings, setting => Assert.Equal($"{setting.Value}\n", network.Run(() => File.ReadAllText(setting.Path))));

        using var other = NetworkNamespace.Create(); // it begins as this machine is set
        other.Apply(NetworkSysctl.IPv4Forwarding(false));
        Assert.Equal("1\n", network.Run(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward")));
        Assert.Equal("0\n", other.Run(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward")));
        Assert.Equal(LinuxError.NotFound, Assert.Throws<LinuxException>(() => other.Apply(NetworkSysctl.RouteLocalnet("br0.1", true))).Errno);
    }
}
