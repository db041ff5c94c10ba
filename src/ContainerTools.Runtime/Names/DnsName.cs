namespace ContainerTools.Runtime.Names;

/// <summary>Names between text and the form they have in packets.</summary>
internal static class DnsName
{
    /// <summary>Turns <c>web.shop</c> into the form of <see cref="DnsQuery.Name"/>, in lower case; 0 when it is no host name that DNS can carry.</summary>
    /// <param name="text">The name.</param>
    /// <param name="name">Space for <see cref="DnsQuery.LongestName"/> bytes.</param>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> name)
    {
        if (text.Length is 0 or > DnsQuery.LongestName - 2)
        {
            return 0;
        }

        var label = 0;
        for (var index = 0; index <= text.Length; index++)
        {
            if (index < text.Length && text[index] != '.')
            {
                name[index + 1] = DnsQuery.Lower(text[index]);
                continue;
            }

            var length = index - label;
            if (length is 0 or > 63)
            {
                return 0;
            }

            name[label] = (byte)length;
            label = index + 1;
        }

        name[label] = 0;
        return label + 1;
    }

    /// <summary>Reads the address out of a name below in-addr.arpa (RFC 1035 3.5) or ip6.arpa (RFC 3596 2.5); 4, 16, or 0 when it is none.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="address">Space for 16 bytes.</param>
    public static int DecodeReverse(ReadOnlySpan<byte> name, Span<byte> address)
    {
        return name.EndsWith("\u0007in-addr\u0004arpa\0"u8) ? Decode4(name[..^14], address)
            : name.EndsWith("\u0003ip6\u0004arpa\0"u8) ? Decode6(name[..^10], address)
            : 0;
    }

    private static int Decode4(ReadOnlySpan<byte> labels, Span<byte> address)
    {
        for (var part = 3; part >= 0; part--)
        {
            var length = labels.Length > 0 ? labels[0] : 0;
            if (length is 0 or > 3 || labels.Length <= length || !byte.TryParse(labels.Slice(1, length), System.Globalization.NumberStyles.None, null, out address[part]))
            {
                return 0;
            }

            labels = labels[(length + 1)..];
        }

        return labels.IsEmpty ? 4 : 0;
    }

    private static int Decode6(ReadOnlySpan<byte> labels, Span<byte> address)
    {
        if (labels.Length != 64)
        {
            return 0;
        }

        for (var nibble = 0; nibble < 32; nibble++)
        {
            var digit = labels[(nibble * 2) + 1] switch
            {
                >= (byte)'0' and <= (byte)'9' and var value => value - '0',
                >= (byte)'a' and <= (byte)'f' and var value => value - 'a' + 10,
                _ => -1,
            };
            if (digit < 0 || labels[nibble * 2] != 1)
            {
                return 0;
            }

            // The last nibble comes first.
            ref var part = ref address[15 - (nibble / 2)];
            part = (byte)((nibble & 1) == 0 ? digit : part | (digit << 4));
        }

        return 16;
    }
}
