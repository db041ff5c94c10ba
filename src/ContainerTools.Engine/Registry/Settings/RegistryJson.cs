using System.Text.Json.Serialization;

namespace ContainerTools.Engine.Registry.Settings;

/// <summary>JSON form of what the catalogue keeps of registries.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RegistrySettings))]
internal sealed partial class RegistryJson : JsonSerializerContext;
