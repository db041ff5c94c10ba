using System.Net;

namespace ContainerTools.Linux.Firewall.Connections;

/// <summary>An entry of the kernel's connection tracking.</summary>
/// <param name="Destination">Where its first packet was sent to, before any translation.</param>
/// <param name="Server">Who answers it.</param>
/// <param name="Translated">Whether its destination was translated.</param>
/// <param name="Key">The attributes by which the kernel finds it again, ready to be sent.</param>
internal sealed record TrackedConnection(IPEndPoint Destination, IPEndPoint Server, bool Translated, byte[] Key);
