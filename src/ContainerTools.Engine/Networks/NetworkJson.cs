using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Networks;

/// <summary>JSON form of what the catalogue keeps of networks.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(NetworkAttachment))]
[JsonSerializable(typeof(NetworkPolicy))]
internal sealed partial class NetworkJson : JsonSerializerContext;
