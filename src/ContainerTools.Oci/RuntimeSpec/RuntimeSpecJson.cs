using System.Text.Json.Serialization;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>JSON forms of the OCI runtime specification; camel case, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(RuntimeConfig))]
[JsonSerializable(typeof(ProcessSection))]
[JsonSerializable(typeof(LinuxResources))]
[JsonSerializable(typeof(SeccompConfig))]
public sealed partial class RuntimeSpecJson : JsonSerializerContext;
