using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Reads the documents of a name and decides what of it is taken.</summary>
/// <param name="source">Who is asked.</param>
/// <param name="name">The name.</param>
/// <param name="platforms">What of an index is taken; empty takes this host's.</param>
/// <param name="all">Everything of an index is taken.</param>
internal sealed class PullPlanner(PullSource source, ImageReference name, IReadOnlyList<Platform> platforms, bool all)
{
    private const int MostDepth = 4;
    private const int LargestConfig = 8 << 20;
    private const int MostDocuments = 512;
    private readonly List<PlannedImage> _images = [];
    private readonly List<PlannedArtifact> _artifacts = [];
    private readonly List<RemoteManifest> _indexes = [];
    private readonly HashSet<Digest> _taken = [];

    public async Task<PullPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var root = await source.GetManifestAsync(name.Digest?.ToString() ?? name.Tag!, null, cancellationToken).ConfigureAwait(false);
        if (root.IsIndex)
        {
            await SelectAsync(root, 0, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await AddAsync(root, null, cancellationToken).ConfigureAwait(false);
            if (platforms.Count > 0 && _images is [{ Config: var config }] && !platforms.Any(wanted => wanted.Matches(ImageStore.PlatformOf(config))))
            {
                throw PlatformChoice.NotFound(name.Familiar, platforms, [ImageStore.PlatformOf(config)]);
            }
        }

        return new PullPlan(name, root, _images, _artifacts, _indexes);
    }

    private async Task SelectAsync(RemoteManifest document, int depth, CancellationToken cancellationToken)
    {
        var entries = OciJson.ReadIndex(document.Content).Manifests;
        var chosen = all ? [.. entries.Where(entry => !PlatformChoice.IsAttestation(entry)).DistinctBy(entry => entry.Digest)] : PlatformChoice.Choose(entries, platforms.Count > 0 ? platforms : [Platform.Host], name.Familiar);
        foreach (var entry in chosen.Where(entry => _taken.Add(entry.Digest)))
        {
            RequireRoom();
            var manifest = await source.GetManifestAsync(entry.Digest.ToString(), entry, cancellationToken).ConfigureAwait(false);
            if (!manifest.IsIndex)
            {
                await AddAsync(manifest, null, cancellationToken).ConfigureAwait(false);
            }
            else if (depth < MostDepth)
            {
                _indexes.Add(manifest);
                await SelectAsync(manifest, depth + 1, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                throw new RegistryException(
                    ErrorKind.NotSupported, "IndexTooDeep", $"{name.Familiar}: indexes lie within indexes, more than {MostDepth} deep.", name.Familiar, "Pull one of them by its digest.");
            }
        }

        foreach (var attestation in entries.Where(PlatformChoice.IsAttestation))
        {
            if (PlatformChoice.SubjectOf(attestation) is { } subject && chosen.Any(entry => entry.Digest == subject) && _taken.Add(attestation.Digest))
            {
                RequireRoom();
                await AddAsync(await source.GetManifestAsync(attestation.Digest.ToString(), attestation, cancellationToken).ConfigureAwait(false), subject, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Indexes within indexes can name more documents than anybody could read.</summary>
    private void RequireRoom()
    {
        if (_taken.Count > MostDocuments)
        {
            throw new RegistryException(
                ErrorKind.ResourceExhausted, "IndexTooLarge", $"{name.Familiar}: the index names more than {MostDocuments} images and attestations.", name.Familiar, "Choose with -Platform.");
        }
    }

    private async Task AddAsync(RemoteManifest document, Digest? subject, CancellationToken cancellationToken)
    {
        var manifest = Read(document);
        if (manifest.Layers.Any(layer => MediaTypes.IsForeignLayer(layer.MediaType)))
        {
            throw new RegistryException(
                ErrorKind.NotSupported, "ForeignLayer", $"{name.Familiar}: the image has layers that its registry must not give out (Windows images have such); they are not supported.", name.Familiar);
        }

        if (subject is not null || !MediaTypes.IsConfig(manifest.Config.MediaType) || !manifest.Layers.All(layer => MediaTypes.IsLayer(layer.MediaType)))
        {
            _artifacts.Add(new PlannedArtifact(document, manifest, subject ?? manifest.Subject?.Digest));
            return;
        }

        var configJson = await ReadConfigAsync(manifest.Config, cancellationToken).ConfigureAwait(false);
        var config = OciJson.ReadConfig(configJson);
        if ((config.RootFilesystem.DiffIds?.Count ?? 0) != manifest.Layers.Count)
        {
            throw new RegistryException(
                ErrorKind.DataLoss, "LayerCountMismatch", $"{name.Familiar}: the manifest names {manifest.Layers.Count} layers, but the configuration {config.RootFilesystem.DiffIds?.Count ?? 0}.", name.Familiar, "Tell whoever made the image.");
        }

        _images.Add(new PlannedImage(document, manifest, config, configJson));
    }

    private ImageManifest Read(RemoteManifest document)
    {
        try
        {
            return OciJson.ReadManifest(document.Content);
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, name.Familiar);
        }
    }

    private async Task<byte[]> ReadConfigAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        return blob.Size <= LargestConfig
            ? await source.GetBlobAsync(blob, cancellationToken).ConfigureAwait(false)
            : throw new RegistryException(
                ErrorKind.ResourceExhausted, "DocumentTooLarge", $"{name.Familiar}: the configuration has {blob.Size} bytes; at most {LargestConfig} are read.", name.Familiar);
    }
}
