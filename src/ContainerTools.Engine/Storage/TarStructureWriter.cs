using System.Text;
using ZstdSharp;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// Writes what a layer's tar holds beside the contents of its files, so that <see cref="RebuiltTar"/> gives the same tar again from it and the tree, and
/// no byte of a file is stored twice. Format, in zstd: pieces, each a length of the tar's own bytes (7-bit encoded), these bytes, and the size of the
/// file that follows (7-bit encoded); unless that is zero, the length of the file's path (7-bit encoded), and its path. The last piece ends after its bytes.
/// </summary>
internal sealed class TarStructureWriter : IDisposable
{
    private const int MaximumPiece = 64 * 1024;
    private readonly BinaryWriter _output;
    private readonly MemoryStream _bytes = new();

    private TarStructureWriter(BinaryWriter output) => _output = output;

    /// <summary>Starts a structure in a new file.</summary>
    public static TarStructureWriter Create(string path) =>
        new(new BinaryWriter(new CompressionStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0), level: 1, leaveOpen: false), Encoding.UTF8));

    /// <summary>Adds bytes as they are in the tar.</summary>
    public void AddBytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        if (_bytes.Length >= MaximumPiece)
        {
            FlushBytes();
            _output.Write7BitEncodedInt64(0);
        }
    }

    /// <summary>Adds the content of a file that lies at <paramref name="path"/> below the tree.</summary>
    public void AddFile(ReadOnlySpan<byte> path, long size)
    {
        FlushBytes();
        _output.Write7BitEncodedInt64(size);
        _output.Write7BitEncodedInt(path.Length);
        _output.Write(path);
    }

    public void Dispose()
    {
        FlushBytes();
        _output.Dispose();
        _bytes.Dispose();
    }

    private void FlushBytes()
    {
        _output.Write7BitEncodedInt64(_bytes.Length);
        _output.Write(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));
        _bytes.SetLength(0);
    }
}
