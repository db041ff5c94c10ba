namespace ContainerTools.Engine.Images;

/// <summary>A layout in a directory.</summary>
internal sealed class LayoutDirectory(string root) : ILayoutOutput
{
    public void Add(string path, long length, Action<Stream> write)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 256 * 1024);
        write(stream);
    }
}
