using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Netlink;

/// <summary>Walks over the attributes of a message or of a nesting attribute. What is cut short ends the walk.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> data)
{
    private const int HeaderSize = 4;
    private const int TypeMask = 0x3FFF;
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Type of the current attribute, without the flags for nesting and byte order.</summary>
    public int Type { get; private set; }

    /// <summary>Value of the current attribute.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next attribute; false at the end.</summary>
    public bool Next()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The value as a number of that type's size.</summary>
    public readonly T Number<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Value);

    /// <summary>The value as text, without the NUL at its end.</summary>
    public readonly string Text() => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));
}
