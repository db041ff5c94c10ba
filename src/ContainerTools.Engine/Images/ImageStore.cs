using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Images and tags of the catalogue. Thread-safe, and safe among processes.</summary>
internal sealed class ImageStore(Catalog catalog, LayerStore layers)
{
    public LayerStore Layers => layers;

    /// <summary>One image by tag, digest, id or unique id prefix. Throws <c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>InvalidImageReference</c>.</summary>
    public ImageRecord Resolve(string reference) => throw new NotSupportedException($"{reference} {catalog}");

    /// <summary>Adds an image (or finds it there already) and sets tags, in one transaction.</summary>
    public ImageRecord Add(ImageAddition addition) => throw new NotSupportedException($"{addition}");

    /// <summary>All images, newest first.</summary>
    public IReadOnlyList<ImageRecord> List() => throw new NotSupportedException($"{catalog}");
}
