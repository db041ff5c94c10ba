using System.Text;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Images;

/// <summary>A layout in a tar, with fixed times: the same images give the same archive.</summary>
internal sealed class LayoutTar(Stream output) : ILayoutOutput
{
    private readonly TarWriter _tar = new(output);
    private readonly HashSet<string> _directories = [];

    public void Add(string path, long length, Action<Stream> write)
    {
        AddDirectories(path);
        _tar.Begin(new TarEntry { Kind = TarEntryKind.File, Name = Encoding.UTF8.GetBytes(path), Mode = 0x1a4, Size = length });
        write(new EntryStream(_tar));
    }

    public void Add(string path, byte[] content) => Add(path, content.Length, stream => stream.Write(content));

    public void Finish() => _tar.Finish();

    private void AddDirectories(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_directories.Add(path[..slash]))
            {
                _tar.Begin(new TarEntry { Kind = TarEntryKind.Directory, Name = Encoding.UTF8.GetBytes(path[..(slash + 1)]), Mode = 0x1ed });
            }
        }
    }

    private sealed class EntryStream(TarWriter tar) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer) => tar.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => tar.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
