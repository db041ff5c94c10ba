using System.Collections.Concurrent;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Pushes an image, an index with its images, or an artifact: blobs first, then manifests, and last of all the name.</summary>
internal sealed class ImagePusher(ImageStore store, RegistryAccess registries, ImagePushRequest request, IProgress<EngineProgress>? progress)
{
    private readonly LayerCompression? _compression = request.Compression is { } kind ? LayerCompression.Parse(kind, request.CompressionLevel) : null;
    private readonly RegistryTransferOptions _options = registries.Options.With(request.Transfer);

    public async Task<PushResult> PushAsync(CancellationToken cancellationToken)
    {
        var destination = Destination();
        var client = registries.For(destination.Registry);
        var blobs = new PushLayers(store, client, destination.Registry, destination.Repository, progress);
        var root = await ChooseAsync(client, destination, cancellationToken).ConfigureAwait(false);
        using var work = WorkDirectory.Create(store.Layers, "push");
        var pushed = root.Kind switch
        {
            ManifestKind.Index => await PushIndexAsync(root, client, blobs, destination, work, cancellationToken).ConfigureAwait(false),
            ManifestKind.Image => await PushImageAsync(root, blobs, work, cancellationToken).ConfigureAwait(false),
            _ => await PushArtifactAsync(root, blobs, cancellationToken).ConfigureAwait(false),
        };
        await PutAsync(client, destination, destination.Tag ?? pushed.Digest.ToString(), pushed, cancellationToken).ConfigureAwait(false);
        Note(root, destination, pushed.Digest);
        return new PushResult
        {
            Image = request.Name,
            Name = destination.Familiar,
            Digest = pushed.Digest.ToString(),
            BytesUploaded = blobs.Sent,
            LayersSkipped = blobs.Skipped,
            LayersMounted = blobs.Mounted,
        };
    }

    private ImageReference Destination()
    {
        if (request.Destination is { } text)
        {
            return ImageStore.ParseName(text) is { Digest: null } named ? named : throw NoTag(text);
        }

        // The beginning of an id would do for a name, too: only what is one here says where to.
        _ = store.ResolveRoot(request.Name);
        return ImageReference.TryParse(request.Name, out var name) && (name.Digest is not null || store.IsTaken(name))
            ? name.Digest is null ? name.WithDefaultTag() : name with { Tag = null, Digest = null }
            : throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "PushDestinationMissing", $"'{request.Name}' is no name: it does not say where to push to.", request.Name, "Give -Destination registry/repository:tag.");
    }

    /// <summary>An index of which parts are neither here nor there cannot be pushed: then the image of this host's platform is, and the user is told.</summary>
    private async Task<ManifestRecord> ChooseAsync(RegistryClient client, ImageReference destination, CancellationToken cancellationToken)
    {
        if (request.Platform is { } platform)
        {
            return store.FindManifest(store.Resolve(request.Name, PlatformText.Parse(platform)).ManifestDigest)!;
        }

        var root = store.ResolveRoot(request.Name);
        if (root.Kind != ManifestKind.Index)
        {
            return root;
        }

        var missing = new List<Descriptor>();
        foreach (var entry in root.ReadIndex().Manifests.Where(entry => store.FindManifest(entry.Digest) is null))
        {
            if (await client.FindManifestAsync(destination.Repository, entry.Digest.ToString(), cancellationToken).ConfigureAwait(false) is null)
            {
                missing.Add(entry);
            }
        }

        if (missing.Count == 0)
        {
            return root;
        }

        var image = store.Resolve(request.Name);
        progress?.Report(new EngineProgress
        {
            Activity = "Push",
            Item = request.Name,
            Warning = $"{request.Name} is an index of which only a part is here: {ImageStore.PlatformOf(image.Config)} alone is pushed. Receive-Image -AllPlatforms fetches the rest; Copy-Image copies from registry to registry.",
        });
        return store.FindManifest(image.ManifestDigest)!;
    }

    private async Task<PushedManifest> PushIndexAsync(
        ManifestRecord index, RegistryClient client, PushLayers blobs, ImageReference destination, WorkDirectory work, CancellationToken cancellationToken)
    {
        var entries = index.ReadIndex();
        var changed = new List<Descriptor>();
        foreach (var entry in entries.Manifests)
        {
            if (store.FindManifest(entry.Digest) is not { } member)
            {
                // It is at the registry already.
                changed.Add(entry);
                continue;
            }

            var pushed = member.Kind switch
            {
                ManifestKind.Index => await PushIndexAsync(member, client, blobs, destination, work, cancellationToken).ConfigureAwait(false),
                ManifestKind.Image => await PushImageAsync(member, blobs, work, cancellationToken).ConfigureAwait(false),
                _ => await PushArtifactAsync(member, blobs, cancellationToken).ConfigureAwait(false),
            };
            await PutAsync(client, destination, pushed.Digest.ToString(), pushed, cancellationToken).ConfigureAwait(false);
            changed.Add(pushed.Digest == entry.Digest ? entry : entry with { MediaType = pushed.MediaType, Digest = pushed.Digest, Size = pushed.Content.Length });
        }

        return changed.SequenceEqual(entries.Manifests)
            ? new PushedManifest(index.MediaType, index.Content)
            : new PushedManifest(MediaTypes.ImageIndex, OciJson.Write(entries with { MediaType = MediaTypes.ImageIndex, Manifests = changed }));
    }

    private async Task<PushedManifest> PushImageAsync(ManifestRecord record, PushLayers blobs, WorkDirectory work, CancellationToken cancellationToken)
    {
        var manifest = record.ReadManifest();
        var image = store.Resolve(record.Image!.Value.ToString());
        foreach (var layer in image.Layers)
        {
            _ = store.Layers.Lease(layer, work) ?? throw store.Layers.Missing(layer);
        }

        var known = image.Sources.Any(source => source.Digest == record.Digest
            || (store.FindManifest(source.Digest!.Value) is { Kind: ManifestKind.Index } index && index.ReadIndex().Manifests.Any(entry => entry.Digest == record.Digest)));
        var sent = new ConcurrentDictionary<int, Descriptor>();
        await Parallel.ForEachAsync(
            manifest.Layers.Zip(image.Layers).Index().DistinctBy(item => item.Item.First.Digest),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _options.ThrottleLimit },
            async (item, token) =>
            {
                var (blob, layer) = item.Item;
                sent[item.Index] = Wanted(blob, known) is { } compression
                    ? await blobs.PushCompressedAsync(layer, compression, token).ConfigureAwait(false)
                    : await blobs.PushAsync(blob, layer, token).ConfigureAwait(false);
            }).ConfigureAwait(false);
        var config = new Descriptor { MediaType = manifest.Config.MediaType, Digest = image.Id, Size = image.ConfigJson.Length };
        await blobs.PushDocumentAsync(config, image.ConfigJson, cancellationToken).ConfigureAwait(false);
        var byDigest = sent.ToDictionary(item => manifest.Layers[item.Key].Digest, item => item.Value);
        var layers = manifest.Layers.Select(blob => byDigest[blob.Digest]).ToList();
        return layers.Select(layer => layer.Digest).SequenceEqual(manifest.Layers.Select(layer => layer.Digest))
            ? new PushedManifest(record.MediaType, record.Content)
            : new PushedManifest(MediaTypes.ImageManifest, OciJson.Write(manifest with
            {
                MediaType = MediaTypes.ImageManifest,
                Config = config with { MediaType = MediaTypes.ImageConfig },
                Layers = layers,
            }));
    }

    private static async Task<PushedManifest> PushArtifactAsync(ManifestRecord record, PushLayers blobs, CancellationToken cancellationToken)
    {
        var manifest = record.ReadManifest();
        foreach (var blob in manifest.Layers.Prepend(manifest.Config).DistinctBy(blob => blob.Digest))
        {
            await blobs.PushAsync(blob, null, cancellationToken).ConfigureAwait(false);
        }

        return new PushedManifest(record.MediaType, record.Content);
    }

    /// <summary>How a layer is compressed for this push; null sends its blob as it is.</summary>
    private LayerCompression? Wanted(Descriptor blob, bool known)
    {
        var kind = Compression.Of(blob.MediaType) switch
        {
            CompressionKind.Gzip => ImageCompression.Gzip,
            CompressionKind.Zstd => ImageCompression.Zstd,
            _ => ImageCompression.None,
        };
        return _compression is { } asked
            ? asked.Kind == kind && !request.ForceCompression ? null : asked
            : kind == ImageCompression.None && !known ? LayerCompression.Usual : null;
    }

    private static async Task PutAsync(RegistryClient client, ImageReference destination, string reference, PushedManifest pushed, CancellationToken cancellationToken)
    {
        var listed = await client.PutManifestAsync(destination.Repository, reference, pushed.MediaType, pushed.Content, cancellationToken).ConfigureAwait(false);
        if (!listed && !MediaTypes.IsIndex(pushed.MediaType) && OciJson.ReadManifest(pushed.Content) is { Subject: { } subject } manifest)
        {
            await ReferrersTag.AddAsync(client, destination.Repository, subject.Digest, pushed.ToDescriptor(manifest), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Note(ManifestRecord root, ImageReference destination, Digest digest)
    {
        var images = root.Kind == ManifestKind.Index
            ? root.ReadIndex().Manifests.Select(entry => store.FindManifest(entry.Digest)?.Image)
            : [root.Image];
        foreach (var image in images.OfType<Digest>())
        {
            store.AddSource(image, destination.CanonicalName, digest);
        }
    }

    private static ContainerToolsException NoTag(string text) => new(
        ErrorKind.InvalidArgument, "InvalidImageReference", $"'{text}' has a digest: where something is pushed to has a tag, the digest follows from what is pushed.", text, "Write registry/repository:tag.");
}
