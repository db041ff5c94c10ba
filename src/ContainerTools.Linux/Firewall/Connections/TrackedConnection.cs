using System.Net;

namespace ContainerTools.Linux.Firewall.Connections;

/// <summary>An entry of the kernel's connection tracking.</summary>
/// <param name="Client">Who sent its first packet, before any translation.</param>
/// <param name="Destination">Where to, before any translation.</param>
/// <param name="Server">Who answers it.</param>
/// <param name="SourceTranslated">Whether the client's address was translated.</param>
/// <param name="DestinationTranslated">Whether the destination was translated.</param>
/// <param name="Key">The attributes by which the kernel finds it again, ready to be sent.</param>
internal sealed record TrackedConnection(IPEndPoint Client, IPEndPoint Destination, IPEndPoint Server, bool SourceTranslated, bool DestinationTranslated, byte[] Key);
