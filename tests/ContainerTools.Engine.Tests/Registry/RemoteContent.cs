using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Blobs and manifests made by a test, and put into a registry without our own client.</summary>
internal sealed class RemoteContent
{
    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly Dictionary<Digest, (string MediaType, byte[] Content)> _manifests = [];

    public IReadOnlyDictionary<Digest, byte[]> Blobs => _blobs;

    public IReadOnlyDictionary<Digest, (string MediaType, byte[] Content)> Manifests => _manifests;

    /// <summary>Adds an image of layers with one file each; returns its manifest's descriptor.</summary>
    public Descriptor AddImage(string architecture, IEnumerable<byte[]> tars, string form = "gzip", bool docker = false, string? variant = null)
    {
        var layers = new JsonArray();
        var diffIds = new JsonArray();
        foreach (var tar in tars)
        {
            diffIds.Add(Digest.Of(tar).ToString());
            layers.Add(Descriptor(AddBlob(Compress(tar, form)), (form, docker) switch
            {
                ("gzip", true) => MediaTypes.DockerLayerGzip,
                ("gzip", false) => MediaTypes.LayerGzip,
                ("zstd", _) => MediaTypes.LayerZstd,
                _ => MediaTypes.Layer,
            }));
        }

        var config = new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/bin"), ["Cmd"] = new JsonArray("/bin/sh") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        };
        if (variant is not null)
        {
            config["variant"] = variant;
        }

        var type = docker ? MediaTypes.DockerManifest : MediaTypes.ImageManifest;
        return AddManifest(type, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = type,
            ["config"] = Descriptor(AddBlob(Bytes(config)), docker ? MediaTypes.DockerImageConfig : MediaTypes.ImageConfig),
            ["layers"] = layers,
        });
    }

    /// <summary>Adds an index of manifests.</summary>
    public Descriptor AddIndex(bool docker, params (Descriptor Manifest, string? Platform, (string Key, string Value)[] Annotations)[] entries)
    {
        var type = docker ? MediaTypes.DockerManifestList : MediaTypes.ImageIndex;
        return AddManifest(type, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = type,
            ["manifests"] = new JsonArray([.. entries.Select(entry =>
            {
                var node = Descriptor(entry.Manifest.Digest, entry.Manifest.MediaType, entry.Manifest.Size);
                if (entry.Platform is { } text)
                {
                    var parts = text.Split('/');
                    node["platform"] = new JsonObject { ["os"] = parts[0], ["architecture"] = parts[1] };
                    if (parts.Length > 2)
                    {
                        node["platform"]!["variant"] = parts[2];
                    }
                }

                if (entry.Annotations.Length > 0)
                {
                    node["annotations"] = new JsonObject(entry.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
                }

                return node;
            })]),
        });
    }

    /// <summary>Adds a manifest of any content.</summary>
    public Descriptor AddManifest(string mediaType, JsonObject content)
    {
        var bytes = Bytes(content);
        _manifests[Digest.Of(bytes)] = (mediaType, bytes);
        return new Descriptor { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
    }

    public Digest AddBlob(byte[] content)
    {
        _blobs[Digest.Of(content)] = content;
        return Digest.Of(content);
    }

    public JsonObject Descriptor(Digest digest, string mediaType, long? size = null) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size ?? _blobs[digest].Length };

    /// <summary>Puts everything into a repository, and a tag on one of the manifests.</summary>
    public async Task PutAsync(string address, string repository, Descriptor root, string tag)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        foreach (var (digest, content) in _blobs)
        {
            using var begun = (await http.PostAsync($"v2/{repository}/blobs/uploads/", null)).EnsureSuccessStatusCode();
            var location = new Uri(http.BaseAddress!, begun.Headers.Location!);
            (await http.PutAsync($"{location}{(location.Query.Length > 0 ? '&' : '?')}digest={digest}", new ByteArrayContent(content))).EnsureSuccessStatusCode();
        }

        // Members first: a registry refuses an index that names what it has not.
        foreach (var (digest, manifest) in _manifests)
        {
            await PutManifestAsync(http, repository, digest.ToString(), manifest);
        }

        await PutManifestAsync(http, repository, tag, _manifests[root.Digest]);
    }

    /// <summary>A layer's tar with one file of random content that compresses to about a third.</summary>
    public static byte[] Layer(int seed, int size = 50_000, string? name = null)
    {
        var random = new Random(seed);
        var content = new byte[size];
        for (var position = 0; position < size; position++)
        {
            content[position] = (byte)random.Next(6);
        }

        var output = new MemoryStream();
        var tar = new TarWriter(output);
        tar.Add(new TarEntry { Kind = TarEntryKind.File, Name = Encoding.UTF8.GetBytes(name ?? $"file-{seed}"), Mode = 0x1a4, ModifiedSeconds = 1_700_000_000 }, content);
        tar.Finish();
        return output.ToArray();
    }

    private static byte[] Compress(byte[] tar, string form)
    {
        var output = new MemoryStream();
        switch (form)
        {
            case "gzip":
                using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
                {
                    gzip.Write(tar);
                }

                break;
            case "zstd":
                using (var zstd = new ZstdSharp.CompressionStream(output, leaveOpen: true))
                {
                    zstd.Write(tar);
                }

                break;
            default:
                return tar;
        }

        return output.ToArray();
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static async Task PutManifestAsync(HttpClient http, string repository, string reference, (string MediaType, byte[] Content) manifest)
    {
        var content = new ByteArrayContent(manifest.Content);
        content.Headers.ContentType = new(manifest.MediaType);
        using var answer = await http.PutAsync($"v2/{repository}/manifests/{reference}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
