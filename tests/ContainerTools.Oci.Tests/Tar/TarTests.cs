using System.Text;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Oci.Tests.Tar;

public class TarTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    [InlineData(-1, 999_999_999)]
    [InlineData(9_000_000_000, 5)]
    public void Times_before_and_after_1970_survive(long seconds, int nanoseconds)
    {
        var entry = Assert.Single(RoundTrip(File("a") with { ModifiedSeconds = seconds, ModifiedNanoseconds = nanoseconds }));

        Assert.Equal((seconds, nanoseconds), (entry.ModifiedSeconds, entry.ModifiedNanoseconds));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0x1fffffu)]
    [InlineData(0x200000u)]
    [InlineData(uint.MaxValue - 1)]
    public void Large_ids_survive(uint id)
    {
        var entry = Assert.Single(RoundTrip(File("a") with { Owner = id, Group = id }));

        Assert.Equal((id, id), (entry.Owner, entry.Group));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(4000)]
    public void Names_of_any_length_survive(int length)
    {
        var name = new string('n', length);
        var entries = RoundTrip(File(name), new TarEntry { Kind = TarEntryKind.SymbolicLink, Name = [0xff, 0xfe], LinkName = Encoding.UTF8.GetBytes(name) });

        Assert.Equal(name, entries[0].DisplayName);
        Assert.Equal([0xff, 0xfe], entries[1].Name);
        Assert.Equal(length, entries[1].LinkName.Length);
    }

    [Fact]
    public void A_record_whose_length_changes_its_own_digits_is_exact()
    {
        for (var length = 80; length < 1020; length++)
        {
            var value = new byte[length];
            var entry = Assert.Single(RoundTrip(File("a") with { Attributes = [new TarAttribute("user.x"u8.ToArray(), value)] }));
            Assert.Equal(length, Assert.Single(entry.Attributes).Value.Length);
        }
    }

    [Fact]
    public void Content_can_be_skipped_or_read()
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        writer.Add(File("skipped"), new byte[1000]);
        writer.Add(File("read"), "hello"u8);
        writer.Finish();
        var reader = new TarReader(new MemoryStream(output.ToArray()));

        _ = reader.Next();
        Assert.Equal("read", reader.Next()!.DisplayName);
        Assert.Equal("hello", Encoding.UTF8.GetString(output.ToArray(), (int)reader.Position, 5));
        Assert.Equal("hello"u8.ToArray(), reader.ReadAll(5));
        Assert.Null(reader.Next());
    }

    [Theory]
    [InlineData(124, "77777777777\0", "TarTruncated")]
    [InlineData(124, "notanumber\0\0", "InvalidTar")]
    [InlineData(156, "S", "TarNotSupported")]
    [InlineData(156, "V", "TarNotSupported")]
    [InlineData(156, "x", "InvalidTar")]
    public void Hostile_headers_are_refused(int offset, string value, string code)
    {
        var tar = Tar(File("a"), "content");
        Encoding.ASCII.GetBytes(value).CopyTo(tar, offset);
        FixChecksum(tar);

        var error = Assert.Throws<OciFormatException>(() => ReadAll(tar));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public void A_giant_extended_header_is_refused_before_it_is_read()
    {
        var tar = Tar(File("a"), "content");
        tar[156] = (byte)'x';
        "77777777777\0"u8.CopyTo(tar.AsSpan(124));
        FixChecksum(tar);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("InvalidTar", Assert.Throws<OciFormatException>(() => ReadAll(tar)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void A_missing_end_marker_is_truncation_unless_a_digest_tells()
    {
        var tar = Tar(File("a"), "content")[..1024];

        Assert.Equal("TarTruncated", Assert.Throws<OciFormatException>(() => ReadAll(tar)).Code);
        var reader = new TarReader(new MemoryStream(tar), requireEnd: false);
        Assert.NotNull(reader.Next());
        Assert.Null(reader.Next());
    }

    private static TarEntry File(string name) => new() { Kind = TarEntryKind.File, Name = Encoding.UTF8.GetBytes(name), Mode = 0x1a4 };

    private static byte[] Tar(TarEntry entry, string content)
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        writer.Add(entry, Encoding.UTF8.GetBytes(content));
        writer.Finish();
        return output.ToArray();
    }

    private static List<TarEntry> RoundTrip(params TarEntry[] entries)
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        foreach (var entry in entries)
        {
            writer.Begin(entry);
        }

        writer.Finish();
        return ReadAll(output.ToArray());
    }

    private static List<TarEntry> ReadAll(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        var entries = new List<TarEntry>();
        while (reader.Next() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static void FixChecksum(byte[] tar)
    {
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = tar.Take(512).Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);
    }
}
