using System.Management.Automation;
using System.Xml.Linq;

namespace ContainerTools.Cmdlets.Tests;

/// <summary>What the columns of the views show.</summary>
public sealed class ViewTests : IDisposable
{
    private static readonly NetworkEndpoint Web = new()
    {
        Network = "shop", NetworkId = new string('a', 64), Container = "web", ContainerId = new string('b', 64), Active = true, IPAddress = "10.89.4.2", Address = ["10.89.4.2", "fd00::2"],
        InterfaceName = "eth0", ReceivedBytes = 3 << 20,
    };

    private readonly CmdletSession _session = new();

    public static TheoryData<string, string, object, string> Cells => new()
    {
        { "Container", "Ports", Container(), "" },
        { "Container", "Ports", Container("127.0.0.1", 8080), "127.0.0.1:8080->80/tcp" },
        { "Container", "Ports", Container(null, 8080), "8080->80/tcp" },
        { "Container", "Ports", Container("::1", 8080), "[::1]:8080->80/tcp" },
        { "Container", "Ports", Container(null, 0), "80/tcp" },
        { "Container", "Ports", Container("127.0.0.1", 0), "127.0.0.1->80/tcp" },
        { "Container", "Ports", Container(null, 3000, 6), "3000-3005->80-85/tcp" },
        { "ContainerNetwork", "Id", Network(), "aaaaaaaaaaaa" },
        { "ContainerNetwork", "Subnet", Network(), "10.89.4.0/24, fd00::/64" },
        { "ContainerNetwork", "Containers", Network(), "web" },
        { "NetworkEndpoint", "Received", Web, "3.0 MiB" },
        { "NetworkEndpoint", "Sent", Web, "" },
        { "PortMapping", "HostAddress", new PortMapping { ContainerPort = 80 }, "*" },
        { "PortMapping", "HostPort", new PortMapping { ContainerPort = 80 }, "" },
        { "PortMapping", "HostPort", new PortMapping { HostPort = 3000, ContainerPort = 80, Count = 2 }, "3000-3001" },
        { "PortMapping", "ContainerPort", new PortMapping { HostPort = 3000, ContainerPort = 80, Count = 2 }, "80-81" },
        { "PortMapping", "Protocol", new PortMapping { ContainerPort = 53, Protocol = PortProtocol.Udp }, "udp" },
        { "NetworkPolicy", "From", new NetworkPolicy { Name = "n" }, "any" },
        { "NetworkPolicy", "From", new NetworkPolicy { Name = "n", Action = PolicyAction.DefaultDeny }, "" },
        { "NetworkPolicy", "Port", new NetworkPolicy { Name = "n", Port = ["53/udp", "80/tcp"] }, "53/udp, 80/tcp" },
        { "ConnectionTestResult", "Port", new ConnectionTestResult { Container = "web", Target = "db", Port = 5432 }, "5432/tcp" },
        { "ContainerRegistry", "Security", new ContainerRegistry { Name = "r.example" }, "" },
        { "ContainerRegistry", "Security", new ContainerRegistry { Name = "r.example", CertificatePath = "/ca.pem", ClientCertificatePath = "/c.pem" }, "OwnAuthority, ClientCertificate" },
        { "ContainerRegistry", "User", new ContainerRegistry { Name = "r.example" }, "" },
        { "ContainerRegistry", "User", new ContainerRegistry { Name = "r.example", CredentialStore = "docker-credential-pass" }, "(token)" },
        { "ContainerRegistry", "User", new ContainerRegistry { Name = "r.example", CredentialStore = "docker-credential-pass", UserName = "me" }, "me" },
        { "ContainerRegistry", "Mirror", new ContainerRegistry { Name = "r.example", Mirror = ["https://a", "https://b"] }, "https://a, https://b" },
        { "ConnectionTestResult", "Step", new ConnectionTestResult { Container = "web", Target = "db", Step = [new("Name", true, "found"), new("Route", false, "none")] }, "Name: found\nRoute: none" },
    };

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(Cells), DisableDiscoveryEnumeration = true)]
    public void A_cell_shows(string type, string column, object item, string expected)
    {
        _session.SetVariable("item", item);

        var outcome = _session.Run($"$item | ForEach-Object {{ {Script(type, column)} }}");

        Assert.Empty(outcome.Errors);
        Assert.Equal(expected, string.Concat(outcome.Output.Select(value => LanguagePrimitives.ConvertTo<string>(value))));
    }

    private static string Script(string type, string column)
    {
        var format = XDocument.Load(Path.Combine(CmdletSession.Repository, "src", "ContainerTools.Cmdlets", "ContainerTools.Format.ps1xml"));
        var view = format.Descendants("View").Single(view => view.Descendants("TypeName").Single().Value == $"ContainerTools.{type}");
        if (view.Descendants("ListItem").FirstOrDefault(item => item.Element("Label")?.Value == column) is { } listed)
        {
            return listed.Element("ScriptBlock")!.Value;
        }

        var index = view.Descendants("TableColumnHeader").Select(header => header.Element("Label")!.Value).ToList().IndexOf(column);
        return view.Descendants("TableColumnItem").ElementAt(index).Element("ScriptBlock")!.Value;
    }

    private static Container Container() => new() { Id = "", Name = "web", Image = "", ImageId = "", Command = [], Labels = new Dictionary<string, string>(), Spec = new ContainerSpec { Image = "" } };

    private static Container Container(string? address, int port, int count = 1) =>
        Container() with { Port = [new PortMapping { HostAddress = address, HostPort = port, ContainerPort = 80, Count = count }] };

    private static ContainerNetwork Network() => new()
    {
        Id = new string('a', 64),
        Name = "shop",
        Subnet = [new NetworkSubnet { Subnet = "10.89.4.0/24", Gateway = "", IPRange = "" }, new NetworkSubnet { Subnet = "fd00::/64", Gateway = "", IPRange = "" }],
        Endpoint = [Web],
        Spec = new NetworkSpec { Name = "shop" },
    };
}
