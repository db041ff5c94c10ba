using ContainerTools.Oci;

namespace ContainerTools.Engine.Containers;

/// <summary>What a container needs of its image.</summary>
/// <param name="Id">Image id.</param>
/// <param name="Config">Execution defaults.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Platform">What it is made for.</param>
/// <param name="LayerPaths">Unpacked layers, base first.</param>
internal sealed record ContainerImage(
    string Id, ImageConfiguration Config, IReadOnlyDictionary<string, string> Labels, Platform Platform, IReadOnlyList<string> LayerPaths);
