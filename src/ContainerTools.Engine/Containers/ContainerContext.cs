using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Containers;

/// <summary>What every operation on containers shares.</summary>
/// <param name="Paths">Where the store lies.</param>
/// <param name="Store">Rows of the catalogue.</param>
/// <param name="RuntimePath">The <c>ctrun</c> executable.</param>
/// <param name="Images">Resolves an image by name or id, and platform. Throws <c>ImageNotFound</c>, <c>ImagePlatformNotFound</c>.</param>
/// <param name="Networks">Connects containers.</param>
internal sealed record ContainerContext(StorePaths Paths, ContainerStore Store, string RuntimePath, Func<string, string?, ContainerImage> Images, ContainerNetworks Networks)
{
    /// <summary>An image by name or id. Throws as <see cref="Images"/>.</summary>
    public ContainerImage FindImage(string name, string? platform = null) => Images(name, platform);

    public ContainerBundle BundleOf(string id) => new(Path.Combine(Paths.Containers, id), Paths.States, id);
}
