using System.Globalization;
using System.Text;

namespace ContainerTools.Linux.Starting;

/// <summary>One argument of an <see cref="Operation"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The number, the slot, or the offset in the scratch memory.</param>
/// <param name="Data">The bytes.</param>
/// <param name="Texts">The strings.</param>
public readonly record struct Operand(OperandKind Kind, long Value = 0, byte[]? Data = null, IReadOnlyList<string>? Texts = null)
{
    /// <summary>A number.</summary>
    public static implicit operator Operand(long value) => new(OperandKind.Constant, value);

    /// <summary>A C string.</summary>
    public static implicit operator Operand(string text) => Text(text);

    /// <summary>A number.</summary>
    public static Operand FromInt64(long value) => value;

    /// <summary>A C string.</summary>
    public static Operand FromString(string text) => Text(text);

    /// <summary>A C string; a NUL inside is refused, because the kernel would see another string than was checked.</summary>
    public static Operand Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException($"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}' contains a NUL character.");
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return new(OperandKind.Data, 0, bytes, [text]);
    }

    /// <summary>Pointer to bytes.</summary>
    public static Operand Bytes(byte[] data) => new(OperandKind.Data, 0, data);

    /// <summary>Value of a slot.</summary>
    public static Operand Slot(int slot) => new(OperandKind.Slot, slot);

    /// <summary>argv or envp.</summary>
    public static Operand Strings(IReadOnlyList<string> texts) => new(OperandKind.Strings, 0, null, texts);

    /// <summary>A BPF program.</summary>
    public static Operand Filter(byte[] instructions) => new(OperandKind.Filter, 0, instructions);

    /// <summary>Pointer into the scratch memory.</summary>
    public static Operand Scratch(int offset) => new(OperandKind.Scratch, offset);

    /// <summary>Readable form.</summary>
    public override string ToString() => Kind switch
    {
        OperandKind.Constant => Value is >= -4096 and < 4096 ? Value.ToString(CultureInfo.InvariantCulture) : $"0x{Value:x}",
        OperandKind.Slot => $"${Value}",
        OperandKind.Data => Texts is { } texts ? $"\"{texts[0]}\"" : $"<{Convert.ToHexStringLower(Data!)}>",
        OperandKind.Strings => $"[{string.Join(", ", Texts!.Select(text => $"\"{text}\""))}]",
        OperandKind.Filter => $"<{Data!.Length / 8} instructions>",
        _ => $"scratch+{Value}",
    };
}
