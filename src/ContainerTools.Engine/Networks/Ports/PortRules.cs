using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Judges ports that a container asks for, and says which addresses of the host they mean.</summary>
internal static class PortRules
{
    private const int Largest = 65535;

    /// <summary>Throws <c>InvalidPort</c> for the first that cannot be.</summary>
    public static void Check(IReadOnlyList<PortMapping> ports)
    {
        foreach (var port in ports)
        {
            Require(port.Count is >= 1 and <= Largest, port, "a range has 1 to 65535 ports");
            Require(port.ContainerPort >= 1 && port.ContainerPort + port.Count - 1 <= Largest, port, "ports of a container are 1 to 65535");
            Require(port.HostPort == 0 || (port.HostPort >= 1 && port.HostPort + port.Count - 1 <= Largest), port, "ports of the host are 1 to 65535");
            Require(port.HostAddress is null || IsAddress(port.HostAddress), port, $"'{port.HostAddress}' is no IP address");
        }
    }

    /// <summary>Whether a text is an IP address that a port can be published on.</summary>
    public static bool IsAddress(string text) => IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : address is { ScopeId: 0, IsIPv4MappedToIPv6: false, IsIPv6Multicast: false });

    /// <summary>The ports that the image exposes and that are not published yet, on ports that the engine chooses.</summary>
    /// <param name="published">Published anyway.</param>
    /// <param name="exposed">As an image names them: <c>80/tcp</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>.</param>
    public static IEnumerable<PortMapping> Exposed(IReadOnlyList<PortMapping> published, IEnumerable<string> exposed)
    {
        foreach (var text in exposed)
        {
            var words = text.Split('/');
            var range = words[0].Split('-');
            var protocol = words.Length > 1 && Enum.TryParse<PortProtocol>(words[1], ignoreCase: true, out var named) ? named : PortProtocol.Tcp;
            if (!int.TryParse(range[0], out var first) || !int.TryParse(range[^1], out var last) || first < 1 || last > Largest || last < first)
            {
                throw NetworkErrors.Invalid("InvalidPort", $"The image exposes '{text}', which is no port.", text, "Publish its ports by number (-Publish).");
            }

            for (var port = first; port <= last; port++)
            {
                if (!published.Any(other => other.Protocol == protocol && other.ContainerPort <= port && port < other.ContainerPort + other.Count))
                {
                    yield return new PortMapping { ContainerPort = port, Protocol = protocol };
                }
            }
        }
    }

    /// <summary>The host's addresses that a mapping means: those of both families when it names none.</summary>
    public static IReadOnlyList<HostPort> HostPorts(PortMapping port, string? defaultAddress, bool hostHasIPv6)
    {
        var address = port.HostAddress ?? defaultAddress;
        IPAddress[] addresses = address is { Length: > 0 } ? [IPAddress.Parse(address)] : hostHasIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];
        return [.. addresses.Select(item => new HostPort(port.Protocol, item, port.HostPort, port.Count, port.ContainerPort))];
    }

    private static void Require(bool condition, PortMapping port, string why)
    {
        if (!condition)
        {
            throw NetworkErrors.Invalid("InvalidPort", $"'{port}' cannot be published: {why}.", port, "Write it as [address:][hostPort:]containerPort[/protocol], such as 127.0.0.1:8080:80/tcp.");
        }
    }
}
