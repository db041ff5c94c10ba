namespace ContainerTools.Linux.Netlink;

/// <summary>
/// One request to netlink(7), complete but for its sequence number. Those to rtnetlink are made by <see cref="LinkRequest"/>, <see cref="AddressRequest"/> and
/// <see cref="RouteRequest"/>, and carried out by <see cref="NetlinkSocket"/>.
/// </summary>
public sealed class NetlinkRequest
{
    internal const ushort Request = 0x001;
    internal const ushort Acknowledge = 0x004;
    internal const ushort Dump = 0x300;
    internal const ushort Exclusive = 0x200;
    internal const ushort Create = 0x400;

    internal NetlinkRequest(string operation, string subject, NetlinkWriter writer, params ReadOnlySpan<NetworkNamespace?> namespaces)
        : this(operation, subject, writer.ToMessage()) => Namespaces = namespaces.ToArray();

    internal NetlinkRequest(string operation, string subject, byte[] message) => (Operation, Subject, Message) = (operation, subject, message);

    /// <summary>What is asked, in the kernel's words: <c>RTM_NEWLINK bridge</c>.</summary>
    public string Operation { get; }

    /// <summary>The link, address or route it is about.</summary>
    public string Subject { get; }

    internal byte[] Message { get; }

    /// <summary>Namespaces whose descriptors stand in the message, and so must be open when it is sent.</summary>
    internal NetworkNamespace?[] Namespaces { get; } = [];

    /// <summary>Operation and subject.</summary>
    public override string ToString() => $"{Operation} {Subject}";
}
