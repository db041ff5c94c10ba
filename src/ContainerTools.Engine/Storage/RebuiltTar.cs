using System.Text;
using ContainerTools.Linux;
using ZstdSharp;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// The tar of a layer, made again from its structure and its tree. Whether it is the same tar is for the reader to find out from the digest; a file that has
/// gone or become shorter is a <c>LayerDamaged</c> error.
/// </summary>
internal sealed class RebuiltTar : ReadOnlyStream
{
    private readonly BinaryReader _structure;
    private readonly DirectoryHandle _tree;
    private readonly string _directory;
    private byte[] _path = [];
    private long _bytes;
    private long _content;
    private FileDescriptor? _file;
    private bool _ended;

    /// <param name="structure">Path of the structure.</param>
    /// <param name="tree">Path of the layer's tree.</param>
    public RebuiltTar(string structure, string tree)
    {
        _directory = tree;
        _tree = DirectoryHandle.Open(tree);
        try
        {
            var file = new FileStream(structure, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
            _structure = new BinaryReader(new DecompressionStream(file, leaveOpen: false), Encoding.UTF8);
            _bytes = _structure.Read7BitEncodedInt64();
        }
        catch
        {
            _tree.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && !_ended)
        {
            if (_bytes > 0)
            {
                var count = _structure.Read(buffer[..(int)Math.Min(buffer.Length, _bytes)]);
                _bytes -= count;
                return count > 0 ? count : throw Damaged("the structure of its tar is cut off");
            }

            if (_content > 0)
            {
                var count = _file!.Read(buffer[..(int)Math.Min(buffer.Length, _content)]);
                _content -= count;
                return count > 0 ? count : throw Damaged($"'{LayerPath.Display(_path)}' has become shorter");
            }

            Advance();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
            _structure.Dispose();
            _tree.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Goes on from the tar's own bytes to the file behind them, or from a file to the bytes behind it.</summary>
    private void Advance()
    {
        if (_file is not null)
        {
            _file.Dispose();
            _file = null;
            _bytes = _structure.Read7BitEncodedInt64();
            return;
        }

        try
        {
            _content = _structure.Read7BitEncodedInt64();
        }
        catch (EndOfStreamException)
        {
            _ended = true;
            return;
        }

        if (_content == 0)
        {
            _bytes = _structure.Read7BitEncodedInt64();
            return;
        }

        _path = _structure.ReadBytes(_structure.Read7BitEncodedInt());
        LayerPath.Split(_path, out var directory, out var name);
        using var parent = directory.IsEmpty ? _tree.Duplicate() : _tree.TryOpenBelow(directory);
        _file = parent?.TryGetStatus(name) is { Kind: FileKind.Regular } ? parent.OpenFile(name) : throw Damaged($"'{LayerPath.Display(_path)}' is gone");
    }

    private ContainerToolsException Damaged(string what) => new(
        ErrorKind.DataLoss, "LayerDamaged", $"The layer in {_directory} was changed: {what}.", _directory, "Remove the image and import it again.");
}
