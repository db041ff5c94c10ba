using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Finds the images of an archive: docker-archive (<c>manifest.json</c>) or OCI layout (<c>index.json</c>).</summary>
internal static class ArchiveImages
{
    private const string DockerManifest = "manifest.json";
    private const int MaximumDepth = 4;

    /// <summary>Throws <c>ArchiveFormatUnknown</c>, <c>ArchiveHasNoImage</c>, <c>ImagePlatformNotFound</c> and what the documents deserve.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="platforms">What of an index is taken; empty takes this host's.</param>
    /// <param name="all">Everything of an index that is in the archive is taken.</param>
    public static ArchiveContent Find(ImageArchive archive, IReadOnlyList<Platform> platforms, bool all)
    {
        if (archive.Contains(DockerManifest))
        {
            return new ArchiveContent([.. OciJson.ReadDockerArchive(archive.ReadDocument(DockerManifest)).Select(item => FromDocker(archive, item))], []);
        }

        if (archive.Contains(ImageLayout.IndexFileName))
        {
            return FromLayout(archive, platforms, all);
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

    private static ArchiveContent FromLayout(ImageArchive archive, IReadOnlyList<Platform> platforms, bool all)
    {
        if (archive.Contains(ImageLayout.FileName) && OciJson.ReadLayout(archive.ReadDocument(ImageLayout.FileName)).Version is var version && version != "1.0.0")
        {
            throw new ContainerToolsException(
                ErrorKind.NotSupported, "LayoutVersionNotSupported", $"{archive.Name} is an OCI layout of version '{version}'; 1.0.0 is supported.", archive.Name);
        }

        var images = new Dictionary<Digest, ArchivedImage>();
        var indexes = new List<ArchivedIndex>();
        foreach (var descriptor in OciJson.ReadIndex(archive.ReadDocument(ImageLayout.IndexFileName)).Manifests)
        {
            IReadOnlyList<ImageReference> tags = TagOf(descriptor) is { } tag ? [tag] : [];
            if (MediaTypes.IsManifest(descriptor.MediaType))
            {
                Add(FromManifest(archive, descriptor, tags));
            }
            else if (MediaTypes.IsIndex(descriptor.MediaType))
            {
                var content = ReadBlob(archive, descriptor.Digest);
                var chosen = Select(archive, OciJson.ReadIndex(content), platforms, all, 0);
                var members = chosen.ConvertAll(entry => Add(FromManifest(archive, entry, [])));
                if (members.Count > 0)
                {
                    indexes.Add(new ArchivedIndex(descriptor.MediaType, content, members, [.. Attestations(archive, OciJson.ReadIndex(content), chosen)], tags));
                }
            }
        }

        return images.Count > 0
            ? new ArchiveContent([.. images.Values], indexes)
            : throw new ContainerToolsException(
                ErrorKind.NotFound, "ArchiveHasNoImage", $"{archive.Name} holds no image for {(platforms.Count > 0 ? string.Join(", ", platforms) : Platform.Host)}.", archive.Name);

        Digest Add(ArchivedImage image)
        {
            var id = Digest.Of(image.ConfigJson);
            images[id] = images.TryGetValue(id, out var seen) ? seen with { Tags = [.. seen.Tags.Union(image.Tags)] } : image;
            return id;
        }
    }

    private static ImageReference? TagOf(Descriptor descriptor)
    {
        var annotations = descriptor.Annotations;
        var name = annotations?.GetValueOrDefault(ImageLayout.ContainerdNameAnnotation) ?? annotations?.GetValueOrDefault(ImageLayout.ReferenceNameAnnotation);
        return ImageReference.TryParse(name, out var reference) && reference.Digest is null ? reference.WithDefaultTag() : null;
    }

    /// <summary>The manifests of an index that are taken: those that are asked for, as far as they are in the archive.</summary>
    private static List<Descriptor> Select(ImageArchive archive, ImageIndex index, IReadOnlyList<Platform> platforms, bool all, int depth)
    {
        var present = index.Manifests.Where(entry => archive.Contains(ImageLayout.BlobPath(entry.Digest)) && !PlatformChoice.IsAttestation(entry)).ToList();
        var nested = present.Where(entry => MediaTypes.IsIndex(entry.MediaType)).ToList();
        var manifests = present.Where(entry => MediaTypes.IsManifest(entry.MediaType)).ToList();
        var chosen = all ? manifests
            : platforms.Count > 0 ? nested.Count > 0 ? manifests.Where(entry => entry.Platform is { } platform && platforms.Any(wanted => wanted.Matches(platform))) : PlatformChoice.Choose(manifests, platforms, archive.Name)
            : manifests.Where(entry => entry.Platform is { } platform && Platform.Host.Matches(platform)).Take(1).DefaultIfEmpty(manifests is [{ Platform: null } only] ? only : null).OfType<Descriptor>();
        return depth == MaximumDepth
            ? [.. chosen]
            : [.. chosen, .. nested.SelectMany(entry => Select(archive, OciJson.ReadIndex(ReadBlob(archive, entry.Digest)), platforms, all, depth + 1))];
    }

    private static IEnumerable<ArchivedArtifact> Attestations(ImageArchive archive, ImageIndex index, List<Descriptor> images)
    {
        foreach (var entry in index.Manifests.Where(entry => PlatformChoice.IsAttestation(entry) && archive.Contains(ImageLayout.BlobPath(entry.Digest))))
        {
            if (PlatformChoice.SubjectOf(entry) is { } subject && images.Any(image => image.Digest == subject))
            {
                var content = ReadBlob(archive, entry.Digest);
                var manifest = OciJson.ReadManifest(content);
                yield return new ArchivedArtifact(entry.MediaType, content, [.. manifest.Layers.Prepend(manifest.Config).DistinctBy(blob => blob.Digest)], subject);
            }
        }
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
