using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Takes ports to publish as <c>[[address:]host-port:]port[/protocol]</c> with single ports or ranges, as numbers, as <see cref="PortMapping"/>, or as hashtables with its
/// members.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortMappingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is null ? null! : Values.Each(inputData).Select(One).ToArray();

    private static PortMapping One(object? input)
    {
        try
        {
            return input switch
            {
                // What Get-ContainerPort emits names its container; asked for, a port is of the container that asks.
                PortMapping mapping => mapping with { Container = null },
                string text => Parse(text.Trim()),
                _ when Fields.Read(input, "a port", "HostAddress", "HostPort", "ContainerPort", "Count", "Protocol", "Container") is { } fields => From(fields),
                sbyte or byte or short or ushort or int or uint or long or ulong => Parse(Values.Text(input)),
                _ => throw new FormatException("it is neither text, nor a number, nor a mapping"),
            };
        }
        catch (FormatException e)
        {
            var shown = input is System.Collections.IDictionary or PSObject ? "That" : $"'{input}'";
            throw new ArgumentTransformationMetadataException(
                $"{shown} is no port to publish: {e.Message}. Write '8080:80', '127.0.0.1:53:53/udp', '[::1]:8080:80', '3000-3005:3000-3005', or 80 for a port of the host that the engine chooses.");
        }
    }

    private static PortMapping Parse(string text)
    {
        var (rest, protocol) = PortText.SplitProtocol(text);
        string? address = null;
        if (rest.StartsWith('['))
        {
            var end = rest.IndexOf("]:", StringComparison.Ordinal);
            address = end < 0 ? throw new FormatException("after an IPv6 address comes ']:' and a port") : Address(rest[1..end]);
            rest = rest[(end + 2)..];
        }

        var parts = rest.Split(':');
        if (address is null && parts.Length == 3)
        {
            address = Address(parts[0]);
            parts = parts[1..];
        }

        return parts switch
        {
            [var container] when address is null => New(null, "", container, protocol),
            [_] => throw new FormatException($"after the address come the host's port and the container's; leave the host's out with two colons: '[{address}]::{rest}'"),
            ["", _] when address is null => throw new FormatException("the host's port is missing; leave the colon out as well for a port that the engine chooses"),
            [var host, var container] => address is null && host.Contains('.', StringComparison.Ordinal)
                ? throw new FormatException($"after the address come the host's port and the container's; leave the host's out with two colons: '{host}::{container}'")
                : New(address, host, container, protocol),
            _ => throw new FormatException("there are too many colons; an IPv6 address stands in brackets"),
        };
    }

    private static PortMapping New(string? address, string host, string container, PortProtocol protocol)
    {
        var (port, count) = PortText.Range(container);
        var (hostPort, hostCount) = host.Length == 0 ? (0, count) : PortText.Range(host);
        return hostCount == count
            ? new PortMapping { HostAddress = address, HostPort = hostPort, ContainerPort = port, Count = count, Protocol = protocol }
            : throw new FormatException($"{host} are {hostCount} ports of the host, but {container} {(count == 1 ? "is 1 port" : $"are {count} ports")} of the container");
    }

    private static PortMapping From(Fields fields)
    {
        var container = fields.Text("ContainerPort") ?? throw new FormatException("the key ContainerPort is missing");
        var host = fields.Text("HostPort") is { } given and not "0" ? given : "";
        var protocol = fields.Text("Protocol") is { } word ? PortText.Protocol(word) : PortProtocol.Tcp;
        var address = fields.Text("HostAddress") is { Length: > 0 } text ? Address(text.Trim('[', ']')) : null;
        if (fields.Number("Count") is { } count && count != 1)
        {
            container = Extended(container, count);
            host = host.Length == 0 ? host : Extended(host, count);
        }

        return New(address, host, container, protocol);
    }

    private static string Extended(string port, int count)
    {
        var (first, already) = PortText.Range(port);
        return already == 1 && count > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{first}-{first + (long)count - 1}")
            : throw new FormatException(count < 1 ? $"Count = {count} are no ports" : $"{port} is a range already, which goes without Count");
    }

    // The canonical form alone: IPAddress also reads '1', '0x7f.1' and '010.0.0.1' (octal, as inet_aton(3) does).
    private static string Address(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('%', StringComparison.Ordinal) : address.ToString() == text)
            ? address.ToString()
            : throw new FormatException($"'{text}' is no IP address of the host");
}
