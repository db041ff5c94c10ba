using System.Globalization;
using System.Net;

namespace ContainerTools.Engine.Networks.Testing;

/// <summary>A socket of a container that waits for clients.</summary>
/// <param name="Address">The address it is bound to; <c>0.0.0.0</c> and <c>::</c> are all.</param>
/// <param name="Port">Its port.</param>
internal sealed record ListeningSocket(IPAddress Address, int Port)
{
    private const string Listening = "0A"; // TCP_LISTEN, net/tcp_states.h
    private const string Unconnected = "07"; // TCP_CLOSE, the state of a UDP socket without a peer

    /// <summary>Whether it gets what is sent to an address; a socket for all of IPv6 as a rule takes IPv4 too.</summary>
    public bool Takes(IPAddress address) => Address.Equals(address) || Address.Equals(IPAddress.IPv6Any) || (Address.Equals(IPAddress.Any) && address.AddressFamily == Address.AddressFamily);

    /// <summary>The sockets of the network namespace that a process is in (proc_pid_net(5)).</summary>
    public static IReadOnlyList<ListeningSocket> Of(int pid, PortProtocol protocol)
    {
        var (name, state) = protocol == PortProtocol.Udp ? ("udp", Unconnected) : ("tcp", Listening);
        return [.. new[] { $"/proc/{pid}/net/{name}", $"/proc/{pid}/net/{name}6" }.Where(File.Exists).SelectMany(File.ReadLines).Select(line => Parse(line, state)).OfType<ListeningSocket>()];
    }

    private static ListeningSocket? Parse(string line, string state)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4 || fields[3] != state)
        {
            return null;
        }

        // Each 32-bit word of the address is printed as a number, so in the machine's byte order.
        var colon = fields[1].IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(fields[1].AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
            {
                Array.Reverse(bytes, word, 4);
            }
        }

        return new ListeningSocket(new IPAddress(bytes), int.Parse(fields[1].AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }
}
