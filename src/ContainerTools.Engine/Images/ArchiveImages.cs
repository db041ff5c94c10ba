using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Finds the images of an archive: docker-archive (<c>manifest.json</c>) or OCI layout (<c>index.json</c>).</summary>
internal static class ArchiveImages
{
    private const string DockerManifest = "manifest.json";
    private const int MaximumDepth = 4;

    public static IReadOnlyList<ArchivedImage> Find(ImageArchive archive)
    {
        if (archive.Contains(DockerManifest))
        {
            return [.. OciJson.ReadDockerArchive(archive.ReadDocument(DockerManifest)).Select(item => FromDocker(archive, item))];
        }

        if (archive.Contains(ImageLayout.IndexFileName))
        {
            return FromLayout(archive);
        }

        throw new ContainerToolsException(
            ErrorKind.InvalidArgument,
            "ArchiveFormatUnknown",
            $"{archive.Name} is neither a docker-archive (manifest.json) nor an OCI layout (index.json).",
            archive.Name,
            "If it is the tar of a root file system, import it with -RootFilesystem.");
    }

    private static ArchivedImage FromDocker(ImageArchive archive, DockerArchiveItem item)
    {
        var json = archive.ReadDocument(item.Config);
        var stem = Path.GetFileNameWithoutExtension(item.Config);
        if (Digest.TryParseHex(stem, out var expected) && Digest.Of(json) != expected)
        {
            throw StoreErrors.DigestMismatch($"{archive.Name}: {item.Config}", "the image configuration", expected, Digest.Of(json));
        }

        var config = OciJson.ReadConfig(json);
        var diffIds = DiffIds(archive, config, item.Layers.Count);
        return new ArchivedImage(
            config,
            json,
            null,
            [.. item.Layers.Select((path, position) => new ArchivedLayer(path, diffIds[position], null))],
            [.. (item.RepoTags ?? []).Select(ImageStore.ParseTag)]);
    }

    private static List<ArchivedImage> FromLayout(ImageArchive archive)
    {
        if (archive.Contains(ImageLayout.FileName) && OciJson.ReadLayout(archive.ReadDocument(ImageLayout.FileName)).Version is var version && version != "1.0.0")
        {
            throw new ContainerToolsException(
                ErrorKind.NotSupported, "LayoutVersionNotSupported", $"{archive.Name} is an OCI layout of version '{version}'; 1.0.0 is supported.", archive.Name);
        }

        var images = new Dictionary<Digest, ArchivedImage>();
        foreach (var descriptor in OciJson.ReadIndex(archive.ReadDocument(ImageLayout.IndexFileName)).Manifests)
        {
            if (Select(archive, descriptor, 0) is not { } manifest)
            {
                continue;
            }

            var image = FromManifest(archive, manifest, TagOf(descriptor) is { } tag ? [tag] : []);
            var id = Digest.Of(image.ConfigJson);
            images[id] = images.TryGetValue(id, out var seen) ? seen with { Tags = [.. seen.Tags.Union(image.Tags)] } : image;
        }

        return images.Count > 0
            ? [.. images.Values]
            : throw new ContainerToolsException(
                ErrorKind.NotFound, "ArchiveHasNoImage", $"{archive.Name} holds no image for linux/{Platform.HostArchitecture}.", archive.Name);
    }

    private static ImageReference? TagOf(Descriptor descriptor)
    {
        var annotations = descriptor.Annotations;
        var name = annotations?.GetValueOrDefault(ImageLayout.ContainerdNameAnnotation) ?? annotations?.GetValueOrDefault(ImageLayout.ReferenceNameAnnotation);
        return ImageReference.TryParse(name, out var reference) && reference.Digest is null ? reference.WithDefaultTag() : null;
    }

    /// <summary>The manifest that <paramref name="descriptor"/> leads to on this platform; null when it leads to none.</summary>
    private static Descriptor? Select(ImageArchive archive, Descriptor descriptor, int depth)
    {
        if (MediaTypes.IsManifest(descriptor.MediaType))
        {
            return descriptor;
        }

        if (!MediaTypes.IsIndex(descriptor.MediaType) || depth == MaximumDepth)
        {
            return null;
        }

        var index = OciJson.ReadIndex(ReadBlob(archive, descriptor.Digest));
        var fitting = index.Manifests.FirstOrDefault(candidate =>
            candidate.Platform is { OperatingSystem: "linux" } platform && platform.Architecture == Platform.HostArchitecture)
            ?? (index.Manifests is [var only] && only.Platform is null ? only : null);
        return fitting is null ? null : Select(archive, fitting, depth + 1);
    }

    private static ArchivedImage FromManifest(ImageArchive archive, Descriptor descriptor, IReadOnlyList<ImageReference> tags)
    {
        var manifestJson = ReadBlob(archive, descriptor.Digest);
        var manifest = OciJson.ReadManifest(manifestJson);
        if (!MediaTypes.IsConfig(manifest.Config.MediaType) || manifest.Layers.FirstOrDefault(layer => !MediaTypes.IsLayer(layer.MediaType)) is not null)
        {
            throw new ContainerToolsException(
                ErrorKind.NotSupported,
                "ManifestNotSupported",
                $"{archive.Name}: the manifest {descriptor.Digest.Short} is no container image this engine can unpack (media types {string.Join(", ", manifest.Layers.Select(layer => layer.MediaType).Prepend(manifest.Config.MediaType).Distinct())}).",
                archive.Name);
        }

        var configJson = ReadBlob(archive, manifest.Config.Digest);
        var config = OciJson.ReadConfig(configJson);
        var diffIds = DiffIds(archive, config, manifest.Layers.Count);
        return new ArchivedImage(
            config,
            configJson,
            manifestJson,
            [.. manifest.Layers.Select((layer, position) => new ArchivedLayer(ImageLayout.BlobPath(layer.Digest), diffIds[position], layer.Digest))],
            tags);
    }

    private static byte[] ReadBlob(ImageArchive archive, Digest digest)
    {
        var content = archive.ReadDocument(ImageLayout.BlobPath(digest));
        return Digest.Of(content) == digest
            ? content
            : throw StoreErrors.DigestMismatch(archive.Name, $"the blob {digest.Short}", digest, Digest.Of(content));
    }

    private static IReadOnlyList<Digest> DiffIds(ImageArchive archive, ImageConfigFile config, int layers)
    {
        var diffIds = config.RootFilesystem.DiffIds ?? [];
        return diffIds.Count == layers
            ? diffIds
            : throw new ContainerToolsException(
                ErrorKind.DataLoss,
                "LayerCountMismatch",
                $"{archive.Name}: the manifest names {layers} layers, but the configuration {diffIds.Count}.",
                archive.Name);
    }
}
