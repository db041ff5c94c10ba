using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci.Tar;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Engine.Images;

/// <summary>The files of an image archive (a plain tar) or of a layout directory, by their path in it.</summary>
internal sealed class ImageArchive : IDisposable
{
    private const int MaximumEntries = 100_000;
    private const int MaximumDocument = 32 << 20;
    private const int MaximumLinks = 8;
    private readonly string? _directory;
    private readonly SafeFileHandle? _file;
    private readonly Dictionary<string, (long Offset, long Length)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private ImageArchive(string name, string? directory, SafeFileHandle? file) => (Name, _directory, _file) = (name, directory, file);

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>Opens a layout directory.</summary>
    public static ImageArchive OpenDirectory(string directory) => new(directory, directory, null);

    /// <summary>Opens a plain tar and reads where its files lie; their content is not read.</summary>
    public static ImageArchive OpenTar(string path, string name, CancellationToken cancellationToken)
    {
        var archive = new ImageArchive(name, null, File.OpenHandle(path, options: FileOptions.RandomAccess));
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            archive.Index(stream, cancellationToken);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public bool Contains(string path)
    {
        if (_directory is null)
        {
            return Find(path) is not null;
        }

        using var file = TryOpenInDirectory(path);
        return file is not null;
    }

    /// <summary>A document, read whole.</summary>
    public byte[] ReadDocument(string path)
    {
        var length = LengthOf(path);
        if (length > MaximumDocument)
        {
            throw new ContainerToolsException(
                ErrorKind.ResourceExhausted, "DocumentTooLarge", $"{Name}: '{path}' has {length} bytes; at most {MaximumDocument} are read.", Name);
        }

        using var stream = Open(path);
        var content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }

    public long LengthOf(string path)
    {
        if (_directory is null)
        {
            return (Find(path) ?? throw Missing(path)).Length;
        }

        using var file = TryOpenInDirectory(path) ?? throw Missing(path);
        return file.Length;
    }

    public Stream Open(string path)
    {
        if (_directory is not null)
        {
            return TryOpenInDirectory(path) ?? throw Missing(path);
        }

        var (offset, length) = Find(path) ?? throw Missing(path);
        return new RangeStream(_file!, offset, length);
    }

    public void Dispose() => _file?.Dispose();

    private void Index(FileStream stream, CancellationToken cancellationToken)
    {
        const int HeadersOnly = 16 * 1024;
        var tar = new TarReader(stream, requireEnd: true, HeadersOnly);
        var count = 0;
        while (tar.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++count > MaximumEntries)
            {
                throw new ContainerToolsException(
                    ErrorKind.ResourceExhausted, "TooManyEntries", $"{Name} has more than {MaximumEntries} entries, the most an image archive may have.", Name);
            }

            var path = Encoding.UTF8.GetString(LayerPath.Normalize(entry.Name, Name));
            switch (entry.Kind)
            {
                case TarEntryKind.File:
                    _entries[path] = (tar.Position, entry.Size);
                    break;
                case TarEntryKind.SymbolicLink:
                    // docker save wrote layers that several images share as links: HEX/layer.tar -> ../HEX/layer.tar.
                    _links[path] = Combine(path, Encoding.UTF8.GetString(entry.LinkName));
                    break;
                case TarEntryKind.HardLink:
                    _links[path] = Encoding.UTF8.GetString(LayerPath.Normalize(entry.LinkName, Name));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The documents of a directory are as little to be trusted as those of a tar: neither a path nor a link in it leads out of it.</summary>
    private Stream? TryOpenInDirectory(string path) =>
        PlainDirectory.TryOpenFile(_directory!, Encoding.UTF8.GetString(LayerPath.Normalize(Encoding.UTF8.GetBytes(path), Name)));

    private static string Combine(string link, string target) =>
        Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(link) ?? "", target)).TrimStart('/');

    private (long Offset, long Length)? Find(string path)
    {
        var found = Path.GetFullPath("/" + path).TrimStart('/');
        for (var hops = 0; hops < MaximumLinks; hops++)
        {
            if (_entries.TryGetValue(found, out var entry))
            {
                return entry;
            }

            if (!_links.TryGetValue(found, out found!))
            {
                return null;
            }
        }

        return null;
    }

    private ContainerToolsException Missing(string path) => new(
        ErrorKind.DataLoss, "ArchiveFileMissing", $"{Name}: the file '{path}' is missing.", Name, "The archive is not complete; export or fetch it again.");
}
