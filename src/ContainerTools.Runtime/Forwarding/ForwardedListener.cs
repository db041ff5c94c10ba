using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Forwarding;

/// <summary>A port that is forwarded.</summary>
/// <param name="Descriptor">The socket clients come by.</param>
/// <param name="Endpoint">Its address.</param>
/// <param name="Target">Where it leads.</param>
internal sealed record ForwardedListener(int Descriptor, InternetEndpoint Endpoint, InternetEndpoint Target);
