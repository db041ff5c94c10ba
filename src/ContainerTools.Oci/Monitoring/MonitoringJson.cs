using System.Text.Json.Serialization;

namespace ContainerTools.Oci.Monitoring;

/// <summary>JSON forms of the monitor's contract; compact, camel case, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MonitorSpec))]
[JsonSerializable(typeof(MonitorNetwork))]
[JsonSerializable(typeof(MonitorEvent))]
[JsonSerializable(typeof(ExitRecord))]
[JsonSerializable(typeof(ContainerRuntimeState))]
public sealed partial class MonitoringJson : JsonSerializerContext;
