using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Pulls one name: plans from its documents, fetches layers in parallel, and adds images and index in one transaction when all is there.</summary>
internal sealed class ImagePuller(ImageStore store, RegistryAccess registries, ImagePullRequest request, IProgress<EngineProgress>? progress)
{
    private readonly RegistryTransferOptions _options = registries.Options.With(request.Transfer);

    public async Task<PulledContent> PullAsync(CancellationToken cancellationToken)
    {
        var platforms = request.Platforms.Select(PlatformText.Parse).ToList();
        var (plan, source) = await PlanAsync(platforms, cancellationToken).ConfigureAwait(false);
        WarnOfQuota(plan.Root, source);
        using var work = WorkDirectory.Create(store.Layers, "pull");
        var fetcher = new BlobFetcher(store.Layers, source, work, LayerLimits.ForImport(request.MaximumSize), _options, registries.Clock, progress);
        var kept = await FetchAsync(plan, fetcher, cancellationToken).ConfigureAwait(false);
        return Add(plan, kept) with { BytesReceived = fetcher.Received, LayersSkipped = fetcher.Skipped };
    }

    /// <summary>A name without a registry is looked for in one after the other.</summary>
    private async Task<(PullPlan Plan, PullSource Source)> PlanAsync(IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var candidates = registries.Candidates(request.Name);
        for (var position = 0; ; position++)
        {
            var source = registries.PullFrom(candidates[position]);
            try
            {
                return (await new PullPlanner(source, candidates[position], platforms, request.AllPlatforms).PlanAsync(cancellationToken).ConfigureAwait(false), source);
            }
            catch (RegistryException error) when (position < candidates.Count - 1 && error.Kind is ErrorKind.NotFound or ErrorKind.Unauthenticated or ErrorKind.PermissionDenied)
            {
                // The next registry of the search order may have it.
            }
        }
    }

    private async Task<List<KeptBlob>> FetchAsync(PullPlan plan, BlobFetcher fetcher, CancellationToken cancellationToken)
    {
        var kept = new System.Collections.Concurrent.ConcurrentBag<KeptBlob>();
        var layers = plan.Images.SelectMany(image => image.Layers).DistinctBy(layer => layer.DiffId).Select(layer => (layer.Blob, DiffId: (Digest?)layer.DiffId));
        var others = plan.Artifacts.SelectMany(artifact => artifact.Blobs).DistinctBy(blob => blob.Digest).Select(blob => (Blob: blob, DiffId: (Digest?)null));
        await Parallel.ForEachAsync(
            layers.Concat(others),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _options.ThrottleLimit },
            async (item, token) =>
            {
                var blob = item.DiffId is { } diffId
                    ? await fetcher.FetchLayerAsync(item.Blob, diffId, token).ConfigureAwait(false)
                    : await fetcher.FetchBlobAsync(item.Blob, token).ConfigureAwait(false);
                if (blob is not null)
                {
                    kept.Add(blob);
                }
            }).ConfigureAwait(false);
        return [.. kept];
    }

    private PulledContent Add(PullPlan plan, List<KeptBlob> kept)
    {
        var name = plan.Name;
        var names = plan.Name.Digest is null ? [name] : new[] { name with { Tag = null } };
        var source = (Repository: name.CanonicalName, plan.Root.Descriptor.Digest);
        var single = !plan.Root.IsIndex;
        if (single && plan.Images.Count == 0)
        {
            var artifact = store.AddRoot(plan.Artifacts[0].ToAddition(kept, names));
            return new PulledContent(plan.Name, plan.Root.Descriptor.Digest, [], artifact);
        }

        var images = plan.Images.Select(image => new ImageAddition
        {
            Config = image.Config,
            ConfigJson = image.ConfigJson,
            ManifestJson = image.Document.Content,
            Tags = single ? names : [],
            Blobs = [.. kept.Where(blob => image.Manifest.Layers.Any(layer => layer.Digest == blob.Digest))],
            Sources = [source],
        }).ToList();
        var records = store.Add(images, single ? null : new RootAddition
        {
            Kind = ManifestKind.Index,
            MediaType = plan.Root.Descriptor.MediaType,
            Content = plan.Root.Content,
            Names = names,
            Members =
            [
                .. plan.Indexes.Select(index => new RootAddition { Kind = ManifestKind.Index, MediaType = index.Descriptor.MediaType, Content = index.Content }),
                .. plan.Artifacts.Select(artifact => artifact.ToAddition(kept, [])),
            ],
        });
        return new PulledContent(plan.Name, plan.Root.Descriptor.Digest, records, null);
    }

    private void WarnOfQuota(RemoteManifest root, PullSource source)
    {
        if (root.Quota is { IsLow: true } quota)
        {
            progress?.Report(new EngineProgress
            {
                Activity = "Pull",
                Item = request.Name,
                Warning = $"The registry {source.Registry} grants {quota.Remaining} more pulls of {quota.Limit} for now. Log in, or set a mirror, for more.",
            });
        }
    }
}
