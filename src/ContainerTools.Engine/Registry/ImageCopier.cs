using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Copies from one registry to another: what is there is not sent, what its registry has elsewhere is taken over, and the rest flows through without touching the disk.</summary>
internal sealed class ImageCopier(RegistryAccess registries, ImageCopyRequest request, IProgress<EngineProgress>? progress)
{
    private readonly RegistryTransferOptions _options = registries.Options.With(request.Transfer);
    private readonly HashSet<Digest> _copied = [];
    private long _sent;
    private int _skipped;
    private int _mounted;

    public async Task<PushResult> CopyAsync(CancellationToken cancellationToken)
    {
        var from = ImageStore.ParseName(request.Source);
        var to = ImageStore.ParseName(request.Destination);
        if (to.Digest is not null)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidImageReference", $"'{request.Destination}' has a digest: a copy has the digest of what is copied.", request.Destination, "Write registry/repository:tag.");
        }

        var source = registries.PullFrom(from);
        var target = registries.For(to.Registry);
        var root = await source.GetManifestAsync(from.Digest?.ToString() ?? from.Tag!, null, cancellationToken).ConfigureAwait(false);
        if (root.IsIndex && request.Platforms.Count > 0)
        {
            root = await ReduceAsync(root, source, cancellationToken).ConfigureAwait(false);
        }

        await CopyContentAsync(root, source, target, to, cancellationToken).ConfigureAwait(false);
        await target.PutManifestAsync(to.Repository, to.Tag!, root.Descriptor.MediaType, root.Content, cancellationToken).ConfigureAwait(false);
        if (request.Referrers)
        {
            await CopyReferrersAsync(from, source, root.Descriptor.Digest, target, to, cancellationToken).ConfigureAwait(false);
        }

        return new PushResult
        {
            Image = from.Familiar,
            Name = to.Familiar,
            Digest = root.Descriptor.Digest.ToString(),
            BytesUploaded = _sent,
            LayersSkipped = _skipped,
            LayersMounted = _mounted,
        };
    }

    /// <summary>One platform is its image; several are an index of them.</summary>
    private async Task<RemoteManifest> ReduceAsync(RemoteManifest root, PullSource source, CancellationToken cancellationToken)
    {
        var index = OciJson.ReadIndex(root.Content);
        var chosen = PlatformChoice.Choose(index.Manifests, [.. request.Platforms.Select(PlatformText.Parse)], request.Source);
        if (chosen is [var only])
        {
            return await source.GetManifestAsync(only.Digest.ToString(), only, cancellationToken).ConfigureAwait(false);
        }

        var about = index.Manifests.Where(entry => PlatformChoice.IsAttestation(entry) && chosen.Any(image => image.Digest == PlatformChoice.SubjectOf(entry)));
        var content = OciJson.Write(index with { Manifests = [.. chosen, .. about] });
        return new RemoteManifest(root.Descriptor with { Digest = Digest.Of(content), Size = content.Length }, content, null);
    }

    /// <summary>Everything below a manifest, members of an index with their own manifests.</summary>
    private async Task CopyContentAsync(RemoteManifest document, PullSource source, RegistryClient target, ImageReference to, CancellationToken cancellationToken)
    {
        if (!_copied.Add(document.Descriptor.Digest))
        {
            return;
        }

        if (document.IsIndex)
        {
            foreach (var entry in OciJson.ReadIndex(document.Content).Manifests)
            {
                var member = await source.GetManifestAsync(entry.Digest.ToString(), entry, cancellationToken).ConfigureAwait(false);
                await CopyContentAsync(member, source, target, to, cancellationToken).ConfigureAwait(false);
                await target.PutManifestAsync(to.Repository, entry.Digest.ToString(), member.Descriptor.MediaType, member.Content, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var manifest = OciJson.ReadManifest(document.Content);
        if (manifest.Layers.Any(layer => MediaTypes.IsForeignLayer(layer.MediaType)))
        {
            throw new RegistryException(
                ErrorKind.NotSupported, "ForeignLayer", $"{request.Source}: the image has layers that its registry must not give out (Windows images have such); they are not copied.", request.Source);
        }

        await Parallel.ForEachAsync(
            manifest.Layers.Prepend(manifest.Config).DistinctBy(blob => blob.Digest),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _options.ThrottleLimit },
            async (blob, token) => await CopyBlobAsync(blob, source, target, to, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task CopyBlobAsync(Descriptor blob, PullSource source, RegistryClient target, ImageReference to, CancellationToken cancellationToken)
    {
        if (await target.HasBlobAsync(to.Repository, blob.Digest, cancellationToken).ConfigureAwait(false))
        {
            Interlocked.Increment(ref _skipped);
            Report(blob, "already there", blob.Size, completed: true);
            return;
        }

        if (source.Registry == to.Registry && await target.TryMountAsync(to.Repository, blob.Digest, source.Repository, cancellationToken).ConfigureAwait(false))
        {
            Interlocked.Increment(ref _mounted);
            Report(blob, $"taken over from {source.Repository}", blob.Size, completed: true);
            return;
        }

        await target.UploadAsync(
            to.Repository,
            blob,
            (stream, token) =>
            {
                // The registry that takes it compares the digest.
                using var response = source.OpenBlobAsync(blob.Digest, 0, token).GetAwaiter().GetResult();
                using var body = new TimedBody(response, blob.Size, _options, registries.Clock, token);
                var buffer = new byte[256 * 1024];
                var done = 0L;
                int count;
                while ((count = Read(body, buffer, blob, source, token)) > 0)
                {
                    stream.Write(buffer.AsSpan(0, count));
                    Report(blob, "copying", done += count);
                }
            },
            cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _sent, blob.Size);
        Report(blob, "complete", blob.Size, completed: true);
    }

    /// <summary>Trouble with what is read is the source's, not that of the registry that is written to.</summary>
    private static int Read(TimedBody body, byte[] buffer, Descriptor blob, PullSource source, CancellationToken cancellationToken)
    {
        try
        {
            return body.Read(buffer);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is IOException or OperationCanceledException)
        {
            throw RegistryErrors.FromFailure(error, $"{source.Name}@{blob.Digest}", source.Registry);
        }
    }

    private async Task CopyReferrersAsync(ImageReference from, PullSource source, Digest subject, RegistryClient target, ImageReference to, CancellationToken cancellationToken)
    {
        foreach (var referrer in await registries.For(from.Registry).ListReferrersAsync(from.Repository, subject, null, cancellationToken).ConfigureAwait(false))
        {
            var document = await source.GetManifestAsync(referrer.Digest.ToString(), referrer, cancellationToken).ConfigureAwait(false);
            await CopyContentAsync(document, source, target, to, cancellationToken).ConfigureAwait(false);
            if (!await target.PutManifestAsync(to.Repository, referrer.Digest.ToString(), document.Descriptor.MediaType, document.Content, cancellationToken).ConfigureAwait(false))
            {
                await ReferrersTag.AddAsync(target, to.Repository, subject, referrer, cancellationToken).ConfigureAwait(false);
            }

            await CopyReferrersAsync(from, source, referrer.Digest, target, to, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Report(Descriptor blob, string status, long done, bool completed = false) => progress?.Report(new EngineProgress
    {
        Activity = "Copy",
        Item = blob.Digest.Short,
        Status = status,
        Done = done,
        Total = blob.Size,
        Completed = completed,
    });
}
