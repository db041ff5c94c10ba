namespace ContainerTools.Linux.Netlink;

/// <summary>Options of a bridge's port (linux/if_link.h, IFLA_BRPORT_*). What is null stays as it is.</summary>
public sealed record BridgePort
{
    internal const int HairpinAttribute = 4;
    internal const int IsolatedAttribute = 33;

    /// <summary>It exchanges nothing with other isolated ports, only with the rest (Linux 4.18).</summary>
    public bool? Isolated { get; init; }

    /// <summary>Packets may go out where they came in, so that a container reaches its own published port.</summary>
    public bool? Hairpin { get; init; }

    internal static BridgePort Read(ReadOnlySpan<byte> data)
    {
        bool? isolated = null;
        bool? hairpin = null;
        var attributes = new NetlinkAttributes(data);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IsolatedAttribute:
                    isolated = attributes.Value[0] != 0;
                    break;
                case HairpinAttribute:
                    hairpin = attributes.Value[0] != 0;
                    break;
            }
        }

        return new BridgePort { Isolated = isolated, Hairpin = hairpin };
    }
}
