using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Containers;

/// <summary>What every operation on containers shares.</summary>
/// <param name="Paths">Where the store lies.</param>
/// <param name="Store">Rows of the catalogue.</param>
/// <param name="RuntimePath">The <c>ctrun</c> executable.</param>
/// <param name="FindImage">Resolves an image by name or id. Throws <c>ImageNotFound</c>.</param>
/// <param name="Networks">Connects containers.</param>
internal sealed record ContainerContext(StorePaths Paths, ContainerStore Store, string RuntimePath, Func<string, ContainerImage> FindImage, ContainerNetworks Networks)
{
    public ContainerBundle BundleOf(string id) => new(Path.Combine(Paths.Containers, id), Paths.States, id);
}
