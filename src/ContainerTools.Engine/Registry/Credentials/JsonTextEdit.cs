using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>
/// Changes members of an object in a JSON text and leaves every other byte as it is: order, indentation, numbers and members that nobody here knows. Throws <see cref="JsonException"/> where the
/// text is not JSON, or not an object.
/// </summary>
internal static class JsonTextEdit
{
    /// <summary>Makes <paramref name="value"/> the member <paramref name="name"/> of the object that is the member <paramref name="parent"/>, which is made too if it is missing.</summary>
    public static byte[] Set(byte[] json, string parent, string name, string value)
    {
        var whole = JsonObject.Read(json);
        return whole.Find(parent) is { } member && json[member.ValueStart] == '{'
            ? Splice(json, member.ValueStart, member.End, Put(json[member.ValueStart..member.End], name, value, depth: 2))
            : Put(json, parent, $"{{\n\t\t{Quote(name)}: {value}\n\t}}", depth: 1);
    }

    /// <summary>Removes the members that <paramref name="chosen"/> names of the object that is the member <paramref name="parent"/>.</summary>
    public static byte[] Remove(byte[] json, string parent, Func<string, bool> chosen)
    {
        if (JsonObject.Read(json).Find(parent) is not { } member || json[member.ValueStart] != '{')
        {
            return json;
        }

        var inner = json[member.ValueStart..member.End];
        while (JsonObject.Read(inner) is var found && found.Members.FindIndex(one => chosen(one.Name)) is >= 0 and var index)
        {
            inner = Cut(inner, found, index);
        }

        return Splice(json, member.ValueStart, member.End, inner);
    }

    private static byte[] Put(byte[] json, string name, string value, int depth)
    {
        var found = JsonObject.Read(json);
        if (found.Find(name) is { } known)
        {
            return Splice(json, known.ValueStart, known.End, Encoding.UTF8.GetBytes(value));
        }

        var text = $"{Quote(name)}: {value}";
        if (found.Members is [])
        {
            return Splice(json, found.Open + 1, found.Close, Encoding.UTF8.GetBytes($"\n{new string('\t', depth)}{text}\n{new string('\t', depth - 1)}"));
        }

        // Set off like the member before it.
        var last = found.Members[^1];
        var space = last.Start;
        while (json[space - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            space--;
        }

        return Splice(json, last.End, last.End, [(byte)',', .. json[space..last.Start], .. Encoding.UTF8.GetBytes(text)]);
    }

    private static byte[] Cut(byte[] json, JsonObject from, int index)
    {
        var member = from.Members[index];
        return from.Members.Count == 1
            ? Splice(json, from.Open + 1, from.Close, [])
            : index == from.Members.Count - 1
                ? Splice(json, from.Members[index - 1].End, member.End, [])
                : Splice(json, member.Start, from.Members[index + 1].Start, []);
    }

    private static byte[] Splice(byte[] json, int start, int end, byte[] content) => [.. json[..start], .. content, .. json[end..]];

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Where the members of an object lie, in bytes.</summary>
    private sealed record JsonObject(int Open, int Close, List<(string Name, int Start, int ValueStart, int End)> Members)
    {
        public static JsonObject Read(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("It is not an object.");
            }

            var open = (int)reader.TokenStartIndex;
            var members = new List<(string, int, int, int)>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (name, start) = (reader.GetString()!, (int)reader.TokenStartIndex);
                reader.Read();
                var value = (int)reader.TokenStartIndex;
                reader.Skip();
                members.Add((name, start, value, (int)reader.BytesConsumed));
            }

            return new JsonObject(open, (int)reader.TokenStartIndex, members);
        }

        // Of several members with one name, the last counts.
        public (string Name, int Start, int ValueStart, int End)? Find(string name) => Members.FindLastIndex(member => member.Name == name) is >= 0 and var index ? Members[index] : null;
    }
}
