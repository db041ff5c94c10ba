using ContainerTools.Engine.Images;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Sees to it that an image is here before it is used.</summary>
internal sealed class ImageProvision(ImageStore store, RegistryAccess registries)
{
    /// <summary>The image, pulled if the policy wants it. Throws <c>ImageNotFound</c> with the reason why it could not be pulled.</summary>
    public async Task<ImageRecord> EnsureAsync(string name, PullPolicy policy, string? platform, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var wanted = PlatformText.ParseOptional(platform);
        var here = Find(name, wanted, out var missing);

        // An id says which image, not where it may be had.
        if (policy == PullPolicy.Never || !ImageReference.TryParse(name, out var reference) || (here is not null && (policy == PullPolicy.Missing || here.Id.Hex.StartsWith(name, StringComparison.Ordinal))))
        {
            return here ?? throw missing!;
        }

        if (here is not null && policy == PullPolicy.Newer && !await IsOtherThereAsync(reference, here, cancellationToken).ConfigureAwait(false))
        {
            return here;
        }

        var request = new ImagePullRequest { Name = name, Platforms = platform is null ? [] : [platform] };
        try
        {
            var pulled = await new ImagePuller(store, registries, request, progress).PullAsync(cancellationToken).ConfigureAwait(false);
            return pulled.Images is [var image, ..] ? image : store.Resolve(name, wanted);
        }
        catch (RegistryException error) when (here is null && policy == PullPolicy.Missing)
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "ImageNotFound", $"There is no image '{name}' here, and it cannot be pulled: {error.Message}", name, error.RecommendedAction, error);
        }
    }

    private ImageRecord? Find(string name, Platform? platform, out ContainerToolsException? missing)
    {
        try
        {
            missing = null;
            return store.Resolve(name, platform);
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.NotFound)
        {
            missing = error;
            return null;
        }
    }

    private async Task<bool> IsOtherThereAsync(ImageReference name, ImageRecord here, CancellationToken cancellationToken)
    {
        try
        {
            var full = name.WithDefaultTag();
            var there = await registries.For(full.Registry).FindManifestAsync(full.Repository, full.Digest?.ToString() ?? full.Tag!, cancellationToken).ConfigureAwait(false);
            return there is not null && there.Digest != here.ManifestDigest && here.Sources.All(source => source.Digest != there.Digest);
        }
        catch (RegistryException)
        {
            return false;
        }
    }
}
