using System.Text.Json;

namespace ContainerTools.Oci.Json;

/// <summary>
/// Members of a JSON object by name and type: an absent one has its type's empty value, one that is not as expected throws. For processes that read one
/// small document in their life: the serializer would first build descriptions of every type it may meet, which costs more than all else of a start.
/// </summary>
internal readonly struct JsonMembers
{
    private readonly JsonElement _element;

    /// <summary>Takes an object.</summary>
    /// <exception cref="InvalidOperationException">It is not an object.</exception>
    public JsonMembers(JsonElement element) =>
        _element = element.ValueKind == JsonValueKind.Object ? element : throw new InvalidOperationException($"An object is needed, not {element.ValueKind}.");

    public delegate T Reading<T>(JsonMembers members);

    /// <summary>
    /// Reads a document; null when it is not as <paramref name="reading"/> needs it. The caller then asks the serializer, which says what is wrong and where.
    /// </summary>
    public static T? TryRead<T>(ReadOnlySpan<byte> json, Reading<T> reading)
        where T : class
    {
        try
        {
            // Not a JsonDocument, whose buffers stay in a pool for as long as the process lives.
            Utf8JsonReader reader = new(json);
            JsonElement root = JsonElement.ParseValue(ref reader);
            return reader.Read() ? null : reading(new JsonMembers(root));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // Flags and numbers: null throws, because only the serializer knows whether the member may be null.
    public bool Flag(ReadOnlySpan<byte> name) => OptionalFlag(name) ?? false;

    public bool? OptionalFlag(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : null;

    public string? Text(ReadOnlySpan<byte> name) => TryFind(name, out JsonElement value) ? value.GetString() : null;

    public string RequiredText(ReadOnlySpan<byte> name) => Text(name) ?? throw new FormatException("A member that is required is missing.");

    public long? Int64(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : null;

    public ulong? UInt64(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : null;

    public int? Int32(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    public uint? UInt32(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetUInt32() : null;

    public ushort? UInt16(ReadOnlySpan<byte> name) => _element.TryGetProperty(name, out JsonElement value) ? value.GetUInt16() : null;

    public DateTimeOffset? Time(ReadOnlySpan<byte> name) => TryFind(name, out JsonElement value) ? value.GetDateTimeOffset() : null;

    public T? Object<T>(ReadOnlySpan<byte> name, Reading<T> reading)
        where T : class => TryFind(name, out JsonElement value) ? reading(new JsonMembers(value)) : null;

    public IReadOnlyList<T> List<T>(ReadOnlySpan<byte> name, Reading<T> reading)
    {
        if (!TryFind(name, out JsonElement array))
        {
            return [];
        }

        T[] items = new T[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            items[index++] = reading(new JsonMembers(item));
        }

        return items;
    }

    public IReadOnlyList<string> Texts(ReadOnlySpan<byte> name)
    {
        if (!TryFind(name, out JsonElement array))
        {
            return [];
        }

        string[] items = new string[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            items[index++] = item.GetString() ?? throw new FormatException("A list of texts has a null.");
        }

        return items;
    }

    /// <summary>Base64; null when it is absent or null.</summary>
    public byte[]? Bytes(ReadOnlySpan<byte> name) => TryFind(name, out JsonElement value) ? value.GetBytesFromBase64() : null;

    public IReadOnlyList<uint> Numbers(ReadOnlySpan<byte> name)
    {
        if (!TryFind(name, out JsonElement array))
        {
            return [];
        }

        uint[] items = new uint[array.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            items[index++] = item.GetUInt32();
        }

        return items;
    }

    /// <summary>Null when it is absent or null.</summary>
    public IReadOnlyDictionary<string, string>? Map(ReadOnlySpan<byte> name)
    {
        if (!TryFind(name, out JsonElement value))
        {
            return null;
        }

        Dictionary<string, string> map = [];
        foreach (JsonProperty member in value.EnumerateObject())
        {
            map[member.Name] = member.Value.GetString() ?? throw new FormatException("A map of texts has a null.");
        }

        return map;
    }

    private bool TryFind(ReadOnlySpan<byte> name, out JsonElement value) =>
        _element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
