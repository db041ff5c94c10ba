namespace ContainerTools.Engine.Images;

/// <summary>Where an exported image's files go: a tar or a directory.</summary>
internal interface ILayoutOutput
{
    /// <summary>Adds a file whose <paramref name="length"/> bytes <paramref name="write"/> gives.</summary>
    void Add(string path, long length, Action<Stream> write);

    /// <summary>Adds a small file.</summary>
    void Add(string path, byte[] content) => Add(path, content.Length, stream => stream.Write(content));
}
