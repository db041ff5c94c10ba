using System.Text;
using System.Text.Json;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Catalogue records in the words of the object model and of <c>docker image inspect</c>.</summary>
internal static class ImageMapping
{
    public static Image ToImage(ImageRecord record, long total, long unique)
    {
        var config = record.Config.Config ?? new ImageExecutionConfig();
        return new Image
        {
            Id = record.Id.ToString(),
            Name = record.Name,
            Tags = [.. record.Tags.Select(tag => tag.Familiar)],
            Digest = record.ManifestDigest.ToString(),
            Index = record.Index?.ToString(),
            Platform = ImageStore.PlatformOf(record.Config).ToString(),
            RepositoryDigests = [.. record.RepositoryDigests],
            Created = record.Config.Created ?? DateTimeOffset.UnixEpoch,
            Size = total,
            UniqueSize = unique,
            SharedSize = total - unique,
            Architecture = record.Config.Architecture,
            OperatingSystem = record.Config.OperatingSystem,
            Author = record.Config.Author,
            Labels = config.Labels ?? new Dictionary<string, string>(),
            Annotations = record.Manifest.Annotations ?? new Dictionary<string, string>(),
            Layers = [.. record.Layers.Select(layer => layer.ToString())],
            Config = ToConfiguration(config),
        };
    }

    public static ImageConfiguration ToConfiguration(ImageExecutionConfig config) => new()
    {
        User = config.User ?? "",
        Environment = config.Environment ?? [],
        Entrypoint = config.Entrypoint ?? [],
        Command = config.Command ?? [],
        WorkingDirectory = config.WorkingDirectory ?? "",
        ExposedPorts = [.. (config.ExposedPorts?.Keys ?? []).Order(StringComparer.Ordinal)],
        Volumes = [.. (config.Volumes?.Keys ?? []).Order(StringComparer.Ordinal)],
        StopSignal = config.StopSignal,
        HealthCheck = config.Healthcheck is { Test.Count: > 0 } health ? ToHealthCheck(health) : null,
        Shell = config.Shell ?? [],
        OnBuild = config.OnBuild ?? [],
    };

    public static IReadOnlyList<ImageHistoryEntry> ToHistory(ImageRecord record, Func<Digest, long> sizeOf)
    {
        var entries = new List<ImageHistoryEntry>();
        var layers = new Queue<Digest>(record.Layers);
        foreach (var step in record.Config.History ?? [])
        {
            Digest? layer = !step.EmptyLayer && layers.TryDequeue(out var next) ? next : null;
            entries.Add(new ImageHistoryEntry
            {
                Image = record.Name,
                Created = step.Created,
                CreatedBy = step.CreatedBy ?? "",
                Layer = layer?.ToString(),
                Size = layer is { } diffId ? sizeOf(diffId) : 0,
                Author = step.Author,
                Comment = step.Comment,
            });
        }

        // History is optional, and may be shorter than the list of layers.
        while (layers.TryDequeue(out var rest))
        {
            entries.Add(new ImageHistoryEntry { Image = record.Name, Layer = rest.ToString(), Size = sizeOf(rest) });
        }

        entries.Reverse();
        return entries;
    }

    /// <summary>The image as <c>docker image inspect</c> prints it (Docker Engine API v1.43, ImageInspect).</summary>
    public static string ToInspect(ImageRecord record, long size, IReadOnlyList<string> layerPaths)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("Id", record.Id.ToString());
            WriteList(json, "RepoTags", record.Tags.Where(tag => tag.Digest is null).Select(tag => tag.Familiar));
            WriteList(json, "RepoDigests", record.RepositoryDigests);
            json.WriteString("Parent", "");
            json.WriteString("Comment", record.Config.History is [.., { Comment: { } comment }] ? comment : "");
            json.WriteString("Created", (record.Config.Created ?? DateTimeOffset.UnixEpoch).UtcDateTime);
            json.WriteString("DockerVersion", "");
            json.WriteString("Author", record.Config.Author ?? "");
            json.WritePropertyName("Config");
            json.WriteRawValue(OciJson.Write(record.Config.Config ?? new ImageExecutionConfig()));
            json.WriteString("Architecture", record.Config.Architecture);
            if (record.Config.Variant is { } variant)
            {
                json.WriteString("Variant", variant);
            }

            json.WriteString("Os", record.Config.OperatingSystem);
            json.WriteNumber("Size", size);
            json.WriteStartObject("GraphDriver");
            json.WriteString("Name", "overlay2");
            json.WriteStartObject("Data");
            if (layerPaths.Count > 0)
            {
                json.WriteString("UpperDir", layerPaths[^1]);
                json.WriteString("LowerDir", string.Join(':', layerPaths.SkipLast(1).Reverse()));
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("RootFS");
            json.WriteString("Type", "layers");
            WriteList(json, "Layers", record.Layers.Select(layer => layer.ToString()));
            json.WriteEndObject();
            json.WriteStartObject("Metadata");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static HealthCheck ToHealthCheck(ImageHealthcheck health) => new()
    {
        Test = health.Test!,
        Interval = ToTime(health.Interval),
        Timeout = ToTime(health.Timeout),
        StartPeriod = ToTime(health.StartPeriod),
        StartInterval = ToTime(health.StartInterval),
        Retries = health.Retries is > 0 and var retries ? retries : null,
    };

    private static TimeSpan? ToTime(long? nanoseconds) => nanoseconds is > 0 and var value ? TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick) : null;

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
