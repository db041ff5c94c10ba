using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>JSON forms of configuration files and of the helpers' protocol.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DockerConfig))]
[JsonSerializable(typeof(DockerAuth))]
[JsonSerializable(typeof(HelperCredential))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class CredentialJson : JsonSerializerContext;
