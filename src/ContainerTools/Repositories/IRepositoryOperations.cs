namespace ContainerTools;

/// <summary>What lies in registries, seen and changed there: nothing of it is brought into the store. Every method throws <see cref="RegistryException"/> and <c>InvalidImageReference</c>.</summary>
public interface IRepositoryOperations
{
    /// <summary>Tags of a repository, as the registry orders them.</summary>
    Task<IReadOnlyList<RegistryTag>> ListTagsAsync(string repository, CancellationToken cancellationToken);

    /// <summary>Images by words of their names: of Docker Hub by its search, of any other registry by its catalogue.</summary>
    Task<IReadOnlyList<ImageSearchResult>> SearchAsync(string registry, string term, int limit, CancellationToken cancellationToken);

    /// <summary>What a name stands for now; with <paramref name="platform"/>, which image of an index.</summary>
    Task<ResolvedImage> ResolveAsync(string name, string? platform, CancellationToken cancellationToken);

    /// <summary>The manifest or index of a name; with <paramref name="platform"/>, the manifest of an image of the index.</summary>
    Task<ImageManifestInfo> GetManifestAsync(string name, string? platform, CancellationToken cancellationToken);

    /// <summary>Manifests that are about that of a name: signatures, attestations, lists of contents.</summary>
    Task<IReadOnlyList<ImageReferrer>> ListReferrersAsync(string name, string? artifactType, CancellationToken cancellationToken);

    /// <summary>Copies from registry to registry, streaming: nothing is unpacked or stored here.</summary>
    Task<PushResult> CopyAsync(ImageCopyRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Deletes a tag, or by digest a manifest with all its tags.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
