using System.Text.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>Writes <c>network.json</c>; see <see cref="MonitoringWriting"/>.</summary>
internal static class NetworkWriting
{
    public static byte[] Network(MonitorNetwork network) => MonitoringWriting.Document(network, static (writer, network) =>
    {
        MonitoringWriting.Optional(writer, "namespace"u8, network.Namespace);
        MonitoringWriting.Optional(writer, "hostNamespace"u8, network.HostNamespace);
        if (network.Names is { } names)
        {
            writer.WriteStartObject("names"u8);
            List(writer, "networks"u8, names.Networks, Members);
            Texts(writer, "servers"u8, names.Servers);
            MonitoringWriting.Optional(writer, "resolvConf"u8, names.ResolvConf);
            writer.WriteEndObject();
        }

        Texts(writer, "nameFiles"u8, network.NameFiles);
        if (network.FirewallRemoval is { } batch)
        {
            writer.WriteBase64String("firewallRemoval"u8, batch.Span);
        }

        List(writer, "ports"u8, network.Ports, Members);
        List(writer, "forwards"u8, network.Forwards, Members);
    });

    private static void Members(Utf8JsonWriter writer, NamedNetwork network)
    {
        writer.WriteString("directory"u8, network.Directory);
        writer.WriteBoolean("internal"u8, network.Internal);
    }

    private static void Members(Utf8JsonWriter writer, HeldPort port)
    {
        writer.WriteString("protocol"u8, port.Protocol);
        writer.WriteString("address"u8, port.Address);
        writer.WriteNumber("port"u8, port.Port);
        writer.WriteNumber("count"u8, port.Count);
    }

    private static void Members(Utf8JsonWriter writer, ForwardedPort port)
    {
        writer.WriteString("protocol"u8, port.Protocol);
        writer.WriteString("address"u8, port.Address);
        writer.WriteNumber("port"u8, port.Port);
        writer.WriteString("targetAddress"u8, port.TargetAddress);
        writer.WriteNumber("targetPort"u8, port.TargetPort);
        writer.WriteNumber("count"u8, port.Count);
    }

    private static void List<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> members)
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            members(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> items)
    {
        writer.WriteStartArray(name);
        foreach (string item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
