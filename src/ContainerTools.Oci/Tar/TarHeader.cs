using System.Buffers.Binary;
using System.Text;

namespace ContainerTools.Oci.Tar;

/// <summary>The 512 bytes of a header (pax(1), "ustar Interchange Format", with GNU's base-256 numbers).</summary>
internal static class TarHeader
{
    public static byte[] UntilNul(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return (end < 0 ? field : field[..end]).ToArray();
    }

    public static void VerifyChecksum(ReadOnlySpan<byte> header, long offset)
    {
        const int Start = 148;
        const int Length = 8;
        var stated = Number(header.Slice(Start, Length), "checksum", offset);
        long unsigned = 0;
        long signed = 0;
        for (var index = 0; index < header.Length; index++)
        {
            var value = index is >= Start and < Start + Length ? (byte)' ' : header[index];
            unsigned += value;
            signed += (sbyte)value;
        }

        if (stated != unsigned && stated != signed)
        {
            throw Invalid("the header's checksum is wrong; this is no tar, or it is damaged", offset);
        }
    }

    public static long ReadSize(ReadOnlySpan<byte> header, long offset)
    {
        var size = Number(header.Slice(124, 12), "size", offset);
        return size >= 0 ? size : throw Invalid("the size is negative", offset);
    }

    public static TarEntry ToEntry(ReadOnlySpan<byte> header, TarExtensions extended, long offset)
    {
        var name = extended.Path ?? extended.LongName ?? Name(header);
        var kind = Kind((char)header[156], name, offset);
        if (extended.Sparse)
        {
            throw NotSupported($"'{Encoding.UTF8.GetString(name)}' is stored as a sparse file", offset);
        }

        var (seconds, nanoseconds) = extended.Modified ?? (Number(header.Slice(136, 12), "time", offset), 0);
        var device = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        return new TarEntry
        {
            Kind = kind,
            Name = name,
            LinkName = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink
                ? extended.LinkPath ?? extended.LongLink ?? UntilNul(header.Slice(157, 100))
                : [],
            Mode = (int)Number(header.Slice(100, 8), "mode", offset) & 0xfff,
            Owner = Id(extended.Owner ?? Number(header.Slice(108, 8), "owner", offset), "owner", offset),
            Group = Id(extended.Group ?? Number(header.Slice(116, 8), "group", offset), "group", offset),
            // Only files have content; some writers state the size of a link's target.
            Size = kind == TarEntryKind.File ? extended.Size ?? ReadSize(header, offset) : 0,
            ModifiedSeconds = seconds,
            ModifiedNanoseconds = nanoseconds,
            DeviceMajor = device ? Id(Number(header.Slice(329, 8), "device", offset), "device", offset) : 0,
            DeviceMinor = device ? Id(Number(header.Slice(337, 8), "device", offset), "device", offset) : 0,
            Attributes = extended.Attributes,
        };
    }

    private static TarEntryKind Kind(char type, byte[] name, long offset) => type switch
    {
        '0' or '7' => TarEntryKind.File,
        '\0' => name.AsSpan().EndsWith("/"u8) ? TarEntryKind.Directory : TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        'S' => throw NotSupported($"'{Encoding.UTF8.GetString(name)}' is stored as a sparse file", offset),
        _ => throw NotSupported($"'{Encoding.UTF8.GetString(name)}' has the entry type '{type}'", offset),
    };

    private static byte[] Name(ReadOnlySpan<byte> header)
    {
        var name = UntilNul(header[..100]);
        var prefix = header.Slice(257, 6).SequenceEqual("ustar\0"u8) ? UntilNul(header.Slice(345, 155)) : [];
        return prefix.Length == 0 ? name : [.. prefix, (byte)'/', .. name];
    }

    private static uint Id(long value, string field, long offset) =>
        value is >= 0 and < uint.MaxValue ? (uint)value : throw Invalid($"the {field} {value} is out of range", offset);

    private static long Number(ReadOnlySpan<byte> field, string name, long offset)
    {
        if ((field[0] & 0x80) != 0)
        {
            return Base256(field, name, offset);
        }

        var text = field.Trim(" \0"u8);
        long value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw Invalid($"the {name} is not an octal number", offset);
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return value;
    }

    private static long Base256(ReadOnlySpan<byte> field, string name, long offset)
    {
        var negative = (field[0] & 0x40) != 0;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill(negative ? (byte)0xff : (byte)0);
        field.CopyTo(bytes[^field.Length..]);
        bytes[^field.Length] = (byte)(negative ? field[0] | 0x80 : field[0] & 0x7f);
        var value = BinaryPrimitives.ReadInt128BigEndian(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw Invalid($"the {name} is out of range", offset);
    }

    private static OciFormatException Invalid(string what, long offset) => new("InvalidTar", $"The tar is not valid at byte {offset}: {what}.");

    private static OciFormatException NotSupported(string what, long offset) =>
        new("TarNotSupported", $"The tar entry at byte {offset} cannot be unpacked: {what}, which is not supported.");
}
