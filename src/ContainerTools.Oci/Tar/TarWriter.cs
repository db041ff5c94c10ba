using System.Globalization;
using System.Text;

namespace ContainerTools.Oci.Tar;

/// <summary>
/// Writes a PAX tar whose bytes depend on nothing but the entries: the same entries always give the same digest. Content follows its entry
/// through <see cref="Write"/>.
/// </summary>
public sealed class TarWriter
{
    private const int NameLength = 100;
    private const long MaximumOctal7 = 0x1fffff;
    private const long MaximumOctal11 = 0x1ffffffff;
    private static readonly byte[] s_zeros = new byte[2 * TarReader.BlockSize];
    private readonly Stream _stream;
    private readonly byte[] _header = new byte[TarReader.BlockSize];
    private long _remaining;
    private int _padding;

    /// <summary>Writes to <paramref name="stream"/>, which is not closed.</summary>
    public TarWriter(Stream stream) => _stream = stream;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Begins an entry; its <see cref="TarEntry.Size"/> bytes of content must follow.</summary>
    public void Begin(TarEntry entry)
    {
        EndContent();
        var records = Records(entry);
        if (records.Length > 0)
        {
            WriteHeader('x', [.. "PaxHeaders/"u8, .. Tail(entry.Name)], [], records.Length, new TarEntry { Kind = TarEntryKind.File, Name = [], Mode = 0x1a4 });
            Emit(records);
            Pad(records.Length);
        }

        WriteHeader(Type(entry.Kind), Tail(entry.Name), Tail(entry.LinkName), entry.Size, entry);
        _remaining = entry.Size;
        _padding = (int)(-entry.Size & (TarReader.BlockSize - 1));
    }

    /// <summary>Writes content of the current entry.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (content.Length > _remaining)
        {
            throw new InvalidOperationException("More content than the entry's size.");
        }

        Emit(content);
        _remaining -= content.Length;
    }

    /// <summary>A whole entry with its content.</summary>
    public void Add(TarEntry entry, ReadOnlySpan<byte> content)
    {
        Begin(entry with { Size = content.Length });
        Write(content);
    }

    /// <summary>Writes the end marker.</summary>
    public void Finish()
    {
        EndContent();
        Emit(s_zeros);
    }

    private void EndContent()
    {
        if (_remaining != 0)
        {
            throw new InvalidOperationException("Less content than the entry's size.");
        }

        Emit(s_zeros.AsSpan(0, _padding));
        _padding = 0;
    }

    private void Emit(ReadOnlySpan<byte> content)
    {
        _stream.Write(content);
        Length += content.Length;
    }

    private void Pad(int length) => Emit(s_zeros.AsSpan(0, -length & (TarReader.BlockSize - 1)));

    private void WriteHeader(char type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long size, TarEntry entry)
    {
        var header = _header.AsSpan();
        header.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(header);
        Octal(header.Slice(100, 8), entry.Mode);
        Octal(header.Slice(108, 8), entry.Owner <= MaximumOctal7 ? entry.Owner : 0);
        Octal(header.Slice(116, 8), entry.Group <= MaximumOctal7 ? entry.Group : 0);
        Octal(header.Slice(124, 12), size <= MaximumOctal11 ? size : 0);
        Octal(header.Slice(136, 12), entry.ModifiedSeconds is >= 0 and <= MaximumOctal11 ? entry.ModifiedSeconds : 0);
        header[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(header[157..]);
        "ustar\0"u8.CopyTo(header[257..]);
        "00"u8.CopyTo(header[263..]);
        Octal(header.Slice(329, 8), entry.DeviceMajor);
        Octal(header.Slice(337, 8), entry.DeviceMinor);

        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
        {
            sum += value;
        }

        Octal(header.Slice(148, 7), sum);
        Emit(header);
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (var index = field.Length - 2; index >= 0; index--)
        {
            field[index] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        field[^1] = 0;
    }

    private static ReadOnlySpan<byte> Tail(byte[] name) => name.Length <= NameLength ? name : name.AsSpan(name.Length - (NameLength / 2));

    private static char Type(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => '0',
        TarEntryKind.HardLink => '1',
        TarEntryKind.SymbolicLink => '2',
        TarEntryKind.CharacterDevice => '3',
        TarEntryKind.BlockDevice => '4',
        TarEntryKind.Directory => '5',
        TarEntryKind.Fifo => '6',
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static byte[] Records(TarEntry entry)
    {
        var output = new MemoryStream();
        if (NeedsRecord(entry.Name))
        {
            Record(output, "path", entry.Name);
        }

        if (NeedsRecord(entry.LinkName))
        {
            Record(output, "linkpath", entry.LinkName);
        }

        if (entry.Size > MaximumOctal11)
        {
            Record(output, "size", Text(entry.Size));
        }

        if (entry.Owner > MaximumOctal7)
        {
            Record(output, "uid", Text(entry.Owner));
        }

        if (entry.Group > MaximumOctal7)
        {
            Record(output, "gid", Text(entry.Group));
        }

        if (entry.ModifiedNanoseconds != 0 || entry.ModifiedSeconds is < 0 or > MaximumOctal11)
        {
            Record(output, "mtime", Encoding.ASCII.GetBytes(Time(entry.ModifiedSeconds, entry.ModifiedNanoseconds)));
        }

        foreach (var attribute in entry.Attributes)
        {
            Record(output, "SCHILY.xattr." + Encoding.UTF8.GetString(attribute.Name), attribute.Value);
        }

        return output.ToArray();
    }

    private static bool NeedsRecord(byte[] name) => name.Length > NameLength || name.AsSpan().ContainsAnyExceptInRange((byte)1, (byte)0x7f);

    private static byte[] Text(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static string Time(long seconds, int nanoseconds)
    {
        var negative = seconds < 0;
        if (negative && nanoseconds > 0)
        {
            seconds++;
            nanoseconds = 1_000_000_000 - nanoseconds;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "")}{Math.Abs(seconds)}");
        return nanoseconds == 0 ? text : text + "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
    }

    private static void Record(MemoryStream output, string key, ReadOnlySpan<byte> value)
    {
        var keyBytes = Encoding.UTF8.GetBytes(key);
        var rest = keyBytes.Length + value.Length + 3;
        var length = rest + 1;
        while (length != rest + Digits(length))
        {
            length = rest + Digits(length);
        }

        output.Write(Text(length));
        output.WriteByte((byte)' ');
        output.Write(keyBytes);
        output.WriteByte((byte)'=');
        output.Write(value);
        output.WriteByte((byte)'\n');
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
