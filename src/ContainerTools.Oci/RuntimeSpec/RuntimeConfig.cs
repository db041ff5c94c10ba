using System.Text.Json;
using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>An OCI runtime configuration: the <c>config.json</c> of a bundle.</summary>
public sealed record RuntimeConfig
{
    /// <summary>Annotation of our own: <c>true</c> runs the runtime's init as the container's first process and the program as its child.</summary>
    public const string InitAnnotation = "io.containertools.init";

    /// <summary>Version of the specification.</summary>
    public string OciVersion { get; init => field = value ?? "1.0.2"; } = "1.0.2";

    /// <summary>The program; null makes a container that can only be created.</summary>
    public ProcessSection? Process { get; init; }

    /// <summary>Root directory.</summary>
    public RootFileSystem? Root { get; init; }

    /// <summary>Host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>NIS domain name.</summary>
    public string? Domainname { get; init; }

    /// <summary>Mounts, in order.</summary>
    public IReadOnlyList<RuntimeMount> Mounts { get; init => field = value ?? []; } = [];

    /// <summary>Linux part.</summary>
    public LinuxSection? Linux { get; init; }

    /// <summary>Hooks; refused when there are any.</summary>
    public Hooks? Hooks { get; init; }

    /// <summary>Free annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">It is not a runtime configuration; the message names the file, the JSON path and the line.</exception>
    public static RuntimeConfig Load(string path)
    {
        byte[] json = File.ReadAllBytes(path);
        try
        {
            return Parse(json);
        }
        catch (JsonException error)
        {
            throw new FormatException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a configuration from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not a runtime configuration.</exception>
    public static RuntimeConfig Parse(ReadOnlySpan<byte> json) =>
        JsonMembers.TryRead(json, RuntimeConfigReading.Config)
        ?? JsonSerializer.Deserialize(json, RuntimeSpecJson.Default.RuntimeConfig)
        ?? throw new JsonException("The configuration is null.");

    /// <summary>Writes a <c>config.json</c>, to a temporary name beside it first, so that no reader sees half of it.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, this, RuntimeSpecJson.Default.RuntimeConfig);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
