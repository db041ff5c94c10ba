using System.Security.Cryptography;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Tests.Storage;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(5_000_001)]
    public void It_gives_the_bytes_of_its_source(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        using var ahead = new ReadAhead(new MemoryStream(bytes));
        using var copy = new MemoryStream();
        ahead.CopyTo(copy, 1000);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(0, ahead.Read(new byte[1]));
    }

    [Fact]
    public void What_the_source_throws_comes_after_the_bytes_before_it()
    {
        using var ahead = new ReadAhead(new Source(600_000, () => throw new InvalidDataException("damaged")));
        ahead.ReadExactly(new byte[512 * 1024]);
        Assert.Equal("damaged", Assert.Throws<InvalidDataException>(() => ahead.CopyTo(Stream.Null)).Message);
    }

    [Fact]
    public void It_reads_no_more_than_a_few_pieces_ahead_and_nothing_once_disposed()
    {
        var source = new Source(long.MaxValue, null);
        using (var ahead = new ReadAhead(source))
        {
            ahead.ReadExactly(new byte[10]);
            Assert.True(SpinWait.SpinUntil(() => source.Taken == 4 * 256 * 1024, TimeSpan.FromSeconds(10)), $"{source.Taken} bytes read");
        }

        var read = source.Taken;
        Thread.Sleep(20);
        Assert.Equal(read, source.Taken);
    }

    private sealed class Source(long length, Action? atEnd) : MemoryStream
    {
        private long _read;

        public long Taken => Interlocked.Read(ref _read);

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _read);
            if (count == 0)
            {
                atEnd?.Invoke();
            }

            Interlocked.Add(ref _read, count);
            return count;
        }
    }
}
