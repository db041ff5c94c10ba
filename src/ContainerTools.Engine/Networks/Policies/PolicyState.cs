using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Networks.Policies;

/// <summary>
/// Who policies are about at one moment, as the rules on this host have it: kept in a file that a reboot forgets, as it does the rules, so that whoever changes them next knows what
/// is there.
/// </summary>
internal sealed record PolicyState
{
    /// <summary>Nothing.</summary>
    public static PolicyState Empty { get; } = new();

    /// <summary>The policies that allow and deny.</summary>
    public IReadOnlyList<PolicyMembers> Policies { get; init; } = [];

    /// <summary>Addresses to which connections are made only as policies allow.</summary>
    public IReadOnlyList<string> DeniedInbound { get; init; } = [];

    /// <summary>Addresses from which connections are made only as policies allow.</summary>
    public IReadOnlyList<string> DeniedOutbound { get; init; } = [];

    /// <summary>Ids of networks whose containers talk by the host, where the rules are.</summary>
    public IReadOnlyList<string> ByHost { get; init; } = [];

    /// <summary>The state in a file; nothing when there is none.</summary>
    public static PolicyState Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), PolicyJson.Default.PolicyState) ?? Empty;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return Empty;
        }
    }

    /// <summary>Writes it whole.</summary>
    public void Write(string path)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, PolicyJson.Default.PolicyState));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(PolicyState other) =>
        JsonSerializer.Serialize(this, PolicyJson.Default.PolicyState) == JsonSerializer.Serialize(other, PolicyJson.Default.PolicyState);
}

/// <summary>JSON form of the state.</summary>
[JsonSerializable(typeof(PolicyState))]
internal sealed partial class PolicyJson : JsonSerializerContext;
