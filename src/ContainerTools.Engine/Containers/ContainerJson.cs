using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Containers;

/// <summary>JSON form of what the catalogue keeps of a container.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ContainerSpec))]
internal sealed partial class ContainerJson : JsonSerializerContext;
