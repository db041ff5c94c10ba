using System.Buffers.Text;
using System.Text;

namespace ContainerTools.Oci.Tar;

/// <summary>What extended headers (PAX and GNU) say about the entry that follows them.</summary>
internal sealed class TarExtensions
{
    private const int MaximumAttributes = 1024;
    private static ReadOnlySpan<byte> AttributePrefix => "SCHILY.xattr."u8;

    public byte[]? LongName { get; set; }

    public byte[]? LongLink { get; set; }

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    public long? Size { get; private set; }

    public long? Owner { get; private set; }

    public long? Group { get; private set; }

    public (long Seconds, int Nanoseconds)? Modified { get; private set; }

    public bool Sparse { get; private set; }

    public List<TarAttribute> Attributes { get; } = [];

    public bool Any { get; private set; }

    public void AddPax(ReadOnlySpan<byte> records, long offset)
    {
        Any = true;
        while (!records.IsEmpty)
        {
            if (!Utf8Parser.TryParse(records, out int length, out var digits)
                || digits + 2 > length || length > records.Length || records[digits] != ' ' || records[length - 1] != '\n'
                || records[(digits + 1)..length].IndexOf((byte)'=') is var equals && equals <= 0)
            {
                throw Invalid("a PAX record is not 'LENGTH KEY=VALUE'", offset);
            }

            var record = records[(digits + 1)..(length - 1)];
            Add(record[..equals], record[(equals + 1)..], offset);
            records = records[length..];
        }
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long offset)
    {
        if (key.StartsWith(AttributePrefix))
        {
            if (Attributes.Count == MaximumAttributes)
            {
                throw Invalid($"an entry has more than {MaximumAttributes} extended attributes", offset);
            }

            Attributes.Add(new TarAttribute(key[AttributePrefix.Length..].ToArray(), value.ToArray()));
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            Sparse = true;
        }
        else
        {
            switch (Encoding.UTF8.GetString(key))
            {
                case "path":
                    Path = value.ToArray();
                    break;
                case "linkpath":
                    LinkPath = value.ToArray();
                    break;
                case "size":
                    Size = Number(value, "size", offset);
                    break;
                case "uid":
                    Owner = Number(value, "uid", offset);
                    break;
                case "gid":
                    Group = Number(value, "gid", offset);
                    break;
                case "mtime":
                    Modified = Time(value, offset);
                    break;
                default:
                    break;
            }
        }
    }

    private static long Number(ReadOnlySpan<byte> value, string key, long offset) =>
        Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length && number >= 0
            ? number
            : throw Invalid($"the PAX record '{key}' is not a number", offset);

    private static (long, int) Time(ReadOnlySpan<byte> value, long offset)
    {
        const int Digits = 9;
        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        var fraction = point < 0 ? default : value[(point + 1)..];
        if (!Utf8Parser.TryParse(whole, out long seconds, out var used) || used != whole.Length || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw Invalid("the PAX record 'mtime' is not a time", offset);
        }

        var nanoseconds = 0;
        for (var digit = 0; digit < Digits; digit++)
        {
            nanoseconds = (nanoseconds * 10) + (digit < fraction.Length ? fraction[digit] - '0' : 0);
        }

        // PAX writes times before 1970 as a negative decimal; the file system counts nanoseconds forward.
        return whole.StartsWith("-"u8) && nanoseconds > 0 ? (seconds - 1, 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
    }

    private static OciFormatException Invalid(string what, long offset) => new("InvalidTar", $"The tar is not valid at byte {offset}: {what}.");
}
