using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>What an NLMSG_ERROR or NLMSG_DONE message says (linux/netlink.h).</summary>
internal static class NetlinkAcknowledgement
{
    private const ushort HasAttributes = 0x200; // NLM_F_ACK_TLVS
    private const int MessageAttribute = 1;     // NLMSGERR_ATTR_MSG
    private const int OffsetAttribute = 2;      // NLMSGERR_ATTR_OFFS
    private const int MissingAttribute = 5;     // NLMSGERR_ATTR_MISS_TYPE
    private const int ErrorAttributes = 20;     // errno and the header of the request; NETLINK_CAP_ACK leaves its body out
    private const int DoneAttributes = 4;

    /// <summary>The error, or null for success.</summary>
    /// <param name="request">What is acknowledged.</param>
    /// <param name="messages">Stands at the acknowledging message: a negative errno, then the structure, then attributes.</param>
    public static LinuxException? Read(NetlinkRequest request, NetlinkMessages messages)
    {
        ReadOnlySpan<byte> payload = messages.Payload;
        int attributes = messages.Type == NetlinkMessages.Error ? ErrorAttributes : DoneAttributes;
        int error = payload.Length >= sizeof(int) ? MemoryMarshal.Read<int>(payload) : 0;
        if (error >= 0)
        {
            return null;
        }

        string? detail = (messages.Flags & HasAttributes) != 0 && payload.Length > attributes ? Detail(request, payload[attributes..]) : null;
        return new LinuxException(-error, request.Operation, request.Subject, detail);
    }

    private static string? Detail(NetlinkRequest request, ReadOnlySpan<byte> data)
    {
        string? text = null;
        string? place = null;
        var attributes = new NetlinkAttributes(data);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case MessageAttribute:
                    text = attributes.Text();
                    break;
                case OffsetAttribute:
                    int offset = attributes.Number<int>();
                    place = offset >= 0 && offset + 4 <= request.Message.Length
                        ? $"attribute {MemoryMarshal.Read<ushort>(request.Message.AsSpan(offset + 2)) & 0x3FFF} at byte {offset} is refused"
                        : null;
                    break;
                case MissingAttribute:
                    place = $"attribute {attributes.Number<uint>()} is missing";
                    break;
            }
        }

        return text ?? place;
    }
}
