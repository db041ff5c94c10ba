using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>What all connections of a resolver share.</summary>
internal sealed record StreamScope(NameService Names, UpstreamServers Servers, ScratchMemory Scratch, EventQueue Queue, int Key);
