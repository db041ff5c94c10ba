using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets.Tests;

public sealed class PortMappingTests
{
    [Theory]
    [InlineData("8080:80", null, 8080, 80, 1, PortProtocol.Tcp)]
    [InlineData("80", null, 0, 80, 1, PortProtocol.Tcp)]
    [InlineData(80, null, 0, 80, 1, PortProtocol.Tcp)]
    [InlineData("53/udp", null, 0, 53, 1, PortProtocol.Udp)]
    [InlineData("127.0.0.1:53:53/udp", "127.0.0.1", 53, 53, 1, PortProtocol.Udp)]
    [InlineData("127.0.0.1::80", "127.0.0.1", 0, 80, 1, PortProtocol.Tcp)]
    [InlineData("3000-3005:4000-4005", null, 3000, 4000, 6, PortProtocol.Tcp)]
    [InlineData("3000-3005", null, 0, 3000, 6, PortProtocol.Tcp)]
    [InlineData("[::1]:8080:80", "::1", 8080, 80, 1, PortProtocol.Tcp)]
    [InlineData("[::1]::80", "::1", 0, 80, 1, PortProtocol.Tcp)]
    [InlineData("[0:0::0]:8080:80/SCTP", "::", 8080, 80, 1, PortProtocol.Sctp)]
    [InlineData(" 65535:1 ", null, 65535, 1, 1, PortProtocol.Tcp)]
    public void What_is_written_is_understood(object input, string? address, int hostPort, int port, int count, PortProtocol protocol)
    {
        var mapping = Single(input);

        Assert.Equal((address, hostPort, port, count, protocol), (mapping.HostAddress, mapping.HostPort, mapping.ContainerPort, mapping.Count, mapping.Protocol));
        Assert.Equal(mapping, Single(mapping.ToString()));
    }

    [Theory]
    [InlineData("", "a port is missing")]
    [InlineData("web", "'web' is neither a port nor a range")]
    [InlineData("0", "0 is no port; ports are 1 to 65535")]
    [InlineData(0, "0 is no port")]
    [InlineData(-80, "'-80' is neither")]
    [InlineData("0:80", "0 is no port")]
    [InlineData("70000:80", "70000 is no port")]
    [InlineData("99999999999:80", "99999999999 is no port")]
    [InlineData("8080:80/icmp", "'icmp' is no protocol; known are tcp, udp, sctp")]
    [InlineData("8080:80/", "'' is no protocol")]
    [InlineData("80/tcp/udp", "'80/tcp' is neither")]
    [InlineData("3000-3005:3000-3004", "3000-3005 are 6 ports of the host, but 3000-3004 are 5 ports of the container")]
    [InlineData("3000-3005:80", "but 80 is 1 port of the container")]
    [InlineData("3005-3000:3005-3000", "ends before it begins")]
    [InlineData("3000-:80", "'3000-' is neither")]
    [InlineData(":80", "the host's port is missing")]
    [InlineData("8080:", "a port is missing")]
    [InlineData("127.0.0.1:80", "'127.0.0.1::80'")]
    [InlineData("[::1]:80", "'[::1]::80'")]
    [InlineData("[::1]", "after an IPv6 address comes ']:'")]
    [InlineData("[::1:8080:80", "after an IPv6 address comes ']:'")]
    [InlineData("::1:8080:80", "an IPv6 address stands in brackets")]
    [InlineData("localhost:8080:80", "'localhost' is no IP address")]
    [InlineData("300.1.1.1:8080:80", "'300.1.1.1' is no IP address")]
    [InlineData("127.1:8080:80", "'127.1' is no IP address")]
    [InlineData("010.0.0.1:8080:80", "'010.0.0.1' is no IP address")]
    [InlineData("[fe80::1%eth0]:8080:80", "'fe80::1%eth0' is no IP address")]
    [InlineData("[zz]:8080:80", "'zz' is no IP address")]
    [InlineData(80.5, "neither text, nor a number")]
    [InlineData(true, "neither text, nor a number")]
    public void What_is_wrong_is_said(object input, string reason)
    {
        var error = Assert.Throws<ArgumentTransformationMetadataException>(() => Single(input));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("'8080:80'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_are_taken_from_hashtables_and_objects()
    {
        var expected = new PortMapping { HostAddress = "::1", HostPort = 3000, ContainerPort = 4000, Count = 6, Protocol = PortProtocol.Udp };

        Assert.Equal(expected, Single(new Hashtable { ["hostaddress"] = "::1", ["HostPort"] = 3000, ["ContainerPort"] = "4000", ["Count"] = 6, ["Protocol"] = "udp" }));
        Assert.Equal(expected, Single(expected with { Container = "web" }));
        var custom = new PSObject();
        custom.Properties.Add(new PSNoteProperty("ContainerPort", 80));
        Assert.Equal(new PortMapping { ContainerPort = 80 }, Single(custom));
    }

    [Theory]
    [InlineData("HostPort", 80, "ContainerPort is missing")]
    [InlineData("Port", 80, "'Port' is not known of a port; known are HostAddress, HostPort, ContainerPort, Count, Protocol")]
    public void Members_that_are_missing_or_not_known_are_named(string key, object value, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentTransformationMetadataException>(() => Single(new Hashtable { [key] = value })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "Count = 0 are no ports")]
    [InlineData(70000, "is no port")]
    public void A_count_is_that_of_ports(int count, string reason) => Assert.Contains(
        reason, Assert.Throws<ArgumentTransformationMetadataException>(() => Single(new Hashtable { ["ContainerPort"] = 80, ["Count"] = count })).Message, StringComparison.Ordinal);

    private static PortMapping Single(object input) => Assert.Single((PortMapping[])new PortMappingTransformationAttribute().Transform(null!, input));
}
