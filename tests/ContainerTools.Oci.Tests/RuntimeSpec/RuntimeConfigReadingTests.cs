using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Oci.Tests.RuntimeSpec;

/// <summary>The reading of a configuration by hand must take what the serializer takes.</summary>
public sealed class RuntimeConfigReadingTests
{
    [Fact]
    public void every_member_is_read_as_the_serializer_reads_it()
    {
        string json = Sample(typeof(RuntimeConfig), new Counter()).ToJsonString();

        Assert.Equal(BySerializer(json), ByHand(json));
        Assert.Contains("\"throttleWriteIOPSDevice\":[{\"", json, StringComparison.Ordinal);
        Assert.Contains("\"disableOOMKiller\":true", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "process": { "cwd": "/", "user": { "uid": null } } }""")]
    [InlineData("""{ "process": { "cwd": "/", "noNewPrivileges": null } }""")]
    [InlineData("""{ "process": { "cwd": "/", "noNewPrivileges": 1 } }""")]
    [InlineData("""{ "process": { "args": ["sh"] } }""")]
    [InlineData("""{ "process": { "cwd": "/", "user": { "umask": 4294967296 } } }""")]
    [InlineData("""{ "mounts": {} }""")]
    [InlineData("""{ "linux": [] }""")]
    [InlineData("""{ "annotations": { "a": 1 } }""")]
    [InlineData("""{} {}""")]
    [InlineData("""null""")]
    [InlineData("""{ "root": { "path": "a", } }""")]
    public void what_the_serializer_refuses_is_refused(string json) =>
        Assert.Throws<JsonException>(() => RuntimeConfig.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{ "process": { "cwd": "/", "user": { "uid": 1, "umask": null }, "oomScoreAdj": null, "capabilities": null } }""")]
    [InlineData("""{ "hostname": "a", "hostname": "b", "unknown": [{ "process": 1 }] }""")]
    [InlineData("""{ "host\u006eame": "\u00e4\ud83d\ude00" }""")]
    public void unusual_documents_are_read_as_the_serializer_reads_them(string json) => Assert.Equal(BySerializer(json), ByHand(json));

    private static string BySerializer(string json) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, RuntimeSpecJson.Default.RuntimeConfig), RuntimeSpecJson.Default.RuntimeConfig!);

    private static string ByHand(string json) =>
        JsonSerializer.Serialize(RuntimeConfig.Parse(Encoding.UTF8.GetBytes(json)), RuntimeSpecJson.Default.RuntimeConfig);

    /// <summary>A document with another value in every member of a type and of the types it holds.</summary>
    private static JsonNode Sample(Type type, Counter counter)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return JsonValue.Create($"text {counter.Next()}");
        }

        if (type == typeof(bool))
        {
            return JsonValue.Create(true);
        }

        if (type.IsPrimitive)
        {
            return JsonValue.Create(counter.Next());
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new JsonArray(Sample(type.GenericTypeArguments[0], counter), Sample(type.GenericTypeArguments[0], counter));
        }

        if (type.IsGenericType)
        {
            return new JsonObject { ["one"] = Sample(typeof(string), counter), ["two"] = Sample(typeof(string), counter) };
        }

        JsonObject members = [];
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            string name = property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            members[name] = Sample(property.PropertyType, counter);
        }

        return members;
    }

    private sealed class Counter
    {
        private int _last;

        public int Next() => ++_last;
    }
}
