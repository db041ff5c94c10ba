using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Netlink;

/// <summary>Writes one netlink message: its header, a fixed part, and attributes, all aligned to four bytes and in the machine's byte order (netlink(7)).</summary>
internal sealed class NetlinkWriter
{
    /// <summary>Flag in the type of an attribute that holds others (NLA_F_NESTED).</summary>
    public const int Nested = 0x8000;

    private const int HeaderSize = 16;
    private const int TypeOffset = 4;
    private const int FlagsOffset = 6;
    private const int AttributeHeaderSize = 4;
    private byte[] _buffer = new byte[256];
    private int _length;

    public NetlinkWriter(ushort type, ushort flags)
    {
        Span<byte> header = Take(HeaderSize);
        MemoryMarshal.Write(header[TypeOffset..], type);
        MemoryMarshal.Write(header[FlagsOffset..], flags);
    }

    /// <summary>Appends zeroes for a structure to be written to, and the padding after it. What is returned is good until the next append.</summary>
    public Span<byte> Take(int size)
    {
        int start = _length;
        _length += (size + 3) & ~3;
        if (_length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_length, _buffer.Length * 2));
        }

        return _buffer.AsSpan(start, size);
    }

    public void Attribute(int type, ReadOnlySpan<byte> value)
    {
        Span<byte> attribute = Take(AttributeHeaderSize + value.Length);
        MemoryMarshal.Write(attribute, checked((ushort)attribute.Length));
        MemoryMarshal.Write(attribute[2..], (ushort)type);
        value.CopyTo(attribute[AttributeHeaderSize..]);
    }

    /// <summary>A number of the size of its type.</summary>
    public void Number<T>(int type, T value)
        where T : unmanaged => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public void Flag(int type, bool value) => Number(type, value ? (byte)1 : (byte)0);

    /// <summary>Text in UTF-8 with a NUL at its end.</summary>
    public void Text(int type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Begins an attribute that holds others; <see cref="End"/> takes the result.</summary>
    public int Begin(int type) => BeginStructure(type | Nested);

    /// <summary>Begins an attribute that holds a structure and other attributes after it, which the kernel does not count as nested.</summary>
    public int BeginStructure(int type)
    {
        int start = _length;
        Attribute(type, default);
        return start;
    }

    public void End(int start) => MemoryMarshal.Write(_buffer.AsSpan(start), checked((ushort)(_length - start)));

    /// <summary>The message, with its length in the header.</summary>
    public byte[] ToMessage()
    {
        MemoryMarshal.Write(_buffer.AsSpan(), _length);
        return _buffer.AsSpan(0, _length).ToArray();
    }
}
