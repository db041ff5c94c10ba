using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>An element of a set or map of the table. Two are equal that nft writes alike.</summary>
internal sealed class FirewallElement : IEquatable<FirewallElement>
{
    private const int TableAttribute = 1;    // NFTA_SET_ELEM_LIST_TABLE
    private const int SetAttribute = 2;      // NFTA_SET_ELEM_LIST_SET
    private const int ElementsAttribute = 3; // NFTA_SET_ELEM_LIST_ELEMENTS
    private const int ListElement = 1;       // NFTA_LIST_ELEM
    private const int KeyAttribute = 1;      // NFTA_SET_ELEM_KEY
    private const int DataAttribute = 2;     // NFTA_SET_ELEM_DATA
    private const int KeyEndAttribute = 10;  // NFTA_SET_ELEM_KEY_END
    private const int ValueAttribute = 1;    // NFTA_DATA_VALUE

    private readonly FirewallField[] _key;
    private readonly FirewallField[] _data;
    private readonly bool _interval;

    private FirewallElement(string set, FirewallField[] key, FirewallField[] data, bool interval)
    {
        (Set, _key, _data, _interval) = (set, key, data, interval);
        Text = data.Length == 0 ? Join(key) : $"{Join(key)} : {Join(data)}";
    }

    /// <summary>Name of the set or map.</summary>
    public string Set { get; }

    /// <summary>The element as nft writes it.</summary>
    public string Text { get; }

    /// <summary>An element of a set without intervals.</summary>
    public static FirewallElement Of(string set, params FirewallField[] key) => new(set, key, [], interval: false);

    /// <summary>An element of a set of concatenations with intervals.</summary>
    public static FirewallElement OfIntervals(string set, params FirewallField[] key) => new(set, key, [], interval: true);

    /// <summary>An element of a map without intervals.</summary>
    public static FirewallElement OfMap(string map, FirewallField[] key, params FirewallField[] data) => new(map, key, data, interval: false);

    /// <summary>An element of a map from concatenations with intervals.</summary>
    public static FirewallElement OfIntervalMap(string map, FirewallField[] key, params FirewallField[] data) => new(map, key, data, interval: true);

    /// <summary>Appends the message that adds or deletes it.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="type">NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM.</param>
    /// <param name="table">Name of the table, which is of the family inet.</param>
    public void Write(NfnetlinkBatch batch, ushort type, string table)
    {
        var flags = type == NftablesMessage.NewSetElement ? NfnetlinkBatch.Create : (ushort)0;
        var writer = batch.Add(type, NftablesFamily.Inet, flags, $"{table} {Set} {{ {Text} }}");
        writer.Text(TableAttribute, table);
        writer.Text(SetAttribute, Set);
        var list = writer.Begin(ElementsAttribute);
        var element = writer.Begin(ListElement);
        Value(writer, KeyAttribute, _key, field => field.First);
        if (_interval)
        {
            Value(writer, KeyEndAttribute, _key, field => field.Last);
        }

        if (_data.Length > 0)
        {
            Value(writer, DataAttribute, _data, field => field.First);
        }

        writer.End(element);
        writer.End(list);
    }

    public bool Equals(FirewallElement? other) => other is not null && Set == other.Set && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as FirewallElement);

    public override int GetHashCode() => HashCode.Combine(Set, Text);

    private static string Join(FirewallField[] fields) => string.Join(" . ", fields.Select(field => field.Text));

    // Each field of a concatenation fills registers of four bytes; a value alone has its own size.
    private static void Value(NetlinkWriter writer, int type, FirewallField[] fields, Func<FirewallField, byte[]> bytes)
    {
        var value = writer.Begin(type);
        writer.Attribute(ValueAttribute, fields.Length == 1 ? bytes(fields[0]) : [.. fields.SelectMany(field => Padded(bytes(field)))]);
        writer.End(value);
    }

    private static byte[] Padded(byte[] value)
    {
        Array.Resize(ref value, (value.Length + 3) & ~3);
        return value;
    }
}
