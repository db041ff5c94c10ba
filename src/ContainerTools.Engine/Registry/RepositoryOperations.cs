using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>What lies in registries.</summary>
internal sealed class RepositoryOperations(RegistryAccess registries) : IRepositoryOperations
{
    public async Task<IReadOnlyList<RegistryTag>> ListTagsAsync(string repository, CancellationToken cancellationToken)
    {
        var name = ImageStore.ParseName(repository);
        var tags = await registries.For(name.Registry).ListTagsAsync(name.Repository, cancellationToken).ConfigureAwait(false);

        // What no reference can name is no tag, whatever the registry says.
        return [.. tags.Where(tag => ImageReference.TryParse($"{name.CanonicalName}:{tag}", out _)).Select(tag => new RegistryTag
        {
            Name = $"{name.FamiliarName}:{tag}",
            Repository = name.FamiliarName,
            Tag = tag,
        })];
    }

    public Task<IReadOnlyList<ImageSearchResult>> SearchAsync(string registry, string term, int limit, CancellationToken cancellationToken) =>
        new ImageSearch(registries, registry).FindAsync(term, limit, cancellationToken);

    public async Task<ResolvedImage> ResolveAsync(string name, string? platform, CancellationToken cancellationToken)
    {
        var (found, descriptor) = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (platform is not null)
        {
            var chosen = await ReadAsync(found, descriptor.Digest.ToString(), PlatformText.Parse(platform), cancellationToken).ConfigureAwait(false);
            descriptor = chosen.Descriptor;
        }

        return new ResolvedImage
        {
            Name = $"{found.FamiliarName}@{descriptor.Digest}",
            Requested = found.Familiar,
            Registry = found.Registry,
            Repository = found.Repository,
            Tag = found.Tag,
            Digest = descriptor.Digest.ToString(),
            MediaType = descriptor.MediaType,
        };
    }

    public async Task<ImageManifestInfo> GetManifestAsync(string name, string? platform, CancellationToken cancellationToken)
    {
        var (found, descriptor) = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        var manifest = await ReadAsync(found, descriptor.Digest.ToString(), PlatformText.ParseOptional(platform), cancellationToken).ConfigureAwait(false);
        return Read(found.Familiar, () => ManifestMapping.ToInfo(found.Familiar, manifest.Descriptor.MediaType, manifest.Content));
    }

    public async Task<IReadOnlyList<ImageReferrer>> ListReferrersAsync(string name, string? artifactType, CancellationToken cancellationToken)
    {
        var (found, descriptor) = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        var referrers = await registries.For(found.Registry).ListReferrersAsync(found.Repository, descriptor.Digest, artifactType, cancellationToken).ConfigureAwait(false);
        return [.. referrers.Select(referrer => new ImageReferrer
        {
            Name = $"{found.FamiliarName}@{referrer.Digest}",
            Subject = $"{found.FamiliarName}@{descriptor.Digest}",
            ArtifactType = referrer.ArtifactType ?? "",
            Digest = referrer.Digest.ToString(),
            MediaType = referrer.MediaType,
            Size = referrer.Size,
            Annotations = referrer.Annotations ?? new Dictionary<string, string>(),
        })];
    }

    public async Task<PushResult> CopyAsync(ImageCopyRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await new ImageCopier(registries, request, progress).CopyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, request.Source);
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var reference = ImageStore.ParseName(name);
        var client = registries.For(reference.Registry);
        if (reference.Digest is { } digest)
        {
            await client.DeleteManifestAsync(reference.Repository, digest.ToString(), cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await client.DeleteManifestAsync(reference.Repository, reference.Tag!, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException error) when (error.StatusCode is 400 or 405)
        {
            throw new RegistryException(
                ErrorKind.NotSupported,
                "RegistryTagDeletionNotSupported",
                $"{reference.Familiar}: the registry {reference.Registry} does not delete tags, only manifests with all their tags.",
                reference.Familiar,
                $"Delete it by digest: Resolve-ImageReference {reference.Familiar} | Remove-RegistryImage.",
                error)
            {
                StatusCode = error.StatusCode,
            };
        }
    }

    private async Task<(ImageReference Name, Descriptor Descriptor)> FindAsync(string text, CancellationToken cancellationToken)
    {
        foreach (var candidate in registries.Candidates(text))
        {
            if (await registries.For(candidate.Registry).FindManifestAsync(candidate.Repository, candidate.Digest?.ToString() ?? candidate.Tag!, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return (candidate, found);
            }
        }

        var name = ImageStore.ParseName(text);
        throw new RegistryException(
            ErrorKind.NotFound, "RemoteImageNotFound", $"{name.Familiar}: the registry {name.Registry} does not have it.", name.Familiar, "Check name and tag (Get-RegistryTag lists tags).");
    }

    private async Task<RemoteManifest> ReadAsync(ImageReference name, string reference, Platform? platform, CancellationToken cancellationToken)
    {
        var client = registries.For(name.Registry);
        var manifest = await client.GetManifestAsync(name.Repository, reference, null, cancellationToken).ConfigureAwait(false);
        if (platform is null || !manifest.IsIndex)
        {
            return manifest;
        }

        var entry = Read(name.Familiar, () => PlatformChoice.Choose(OciJson.ReadIndex(manifest.Content).Manifests, [platform], name.Familiar))[0];
        return await client.GetManifestAsync(name.Repository, entry.Digest.ToString(), entry, cancellationToken).ConfigureAwait(false);
    }

    private static T Read<T>(string subject, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, subject);
        }
    }
}
