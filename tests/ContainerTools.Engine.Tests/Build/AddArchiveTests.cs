using System.Formats.Tar;

namespace ContainerTools.Engine.Tests.Build;

public sealed class AddArchiveTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz", "gzip")]
    [InlineData("tar.xz", "xz")]
    [InlineData("tar.zst", "zstd")]
    public async Task ADD_unpacks_archives(string kind, string? compressor = null)
    {
        var path = Path.Combine(_fixture.ContextPath, "a." + kind);
        BuildFixture.WriteTar(
            path,
            (TarEntryType.Directory, "dir/", ""),
            (TarEntryType.RegularFile, "dir/file", "content"),
            (TarEntryType.SymbolicLink, "dir/link", "file"),
            (TarEntryType.HardLink, "hard", "dir/file"));
        if (compressor is not null)
        {
            Assert.SkipUnless(File.Exists($"/usr/bin/{compressor}"), $"{compressor} is not installed");
            Compress(compressor, path);
        }

        var result = await _fixture.BuildAsync($"FROM scratch\nADD a.{kind} /x/\nCOPY a.{kind} /y/");
        Assert.Equal(("content", "content"), (_fixture.Text(result, "/x/dir/link"), _fixture.Text(result, "/x/hard")));
        Assert.Equal(86400, _fixture.Find(result, "/x/dir/file")!.Status.Modified.Seconds);
        Assert.NotNull(_fixture.Find(result, $"/y/a.{kind}"));
    }

    [Theory]
    [InlineData(TarEntryType.RegularFile, "../pwned", "x")]
    [InlineData(TarEntryType.RegularFile, "a/../../pwned", "x")]
    [InlineData(TarEntryType.RegularFile, "/pwned", "x")]
    [InlineData(TarEntryType.HardLink, "pwned", "../../../etc/passwd")]
    [InlineData(TarEntryType.HardLink, "pwned", "nothing")]
    public async Task ADD_refuses_archives_that_lead_outside(TarEntryType type, string name, string content)
    {
        BuildFixture.WriteTar(Path.Combine(_fixture.ContextPath, "a.tar"), (TarEntryType.RegularFile, "ok", "ok"), (type, name, content));
        var error = await _fixture.FailAsync("FROM scratch\nADD a.tar /");
        Assert.StartsWith("Dockerfile:2: ", error.Message);
        Assert.Contains("pwned", error.Message);
    }

    [Fact]
    public async Task A_link_in_an_archive_leads_nowhere_outside()
    {
        BuildFixture.WriteTar(
            Path.Combine(_fixture.ContextPath, "a.tar"), (TarEntryType.SymbolicLink, "out", _fixture.Outside), (TarEntryType.RegularFile, "out/pwned", "pwned"));
        var result = await _fixture.BuildAsync("FROM scratch\nADD a.tar /");
        Assert.False(File.Exists(Path.Combine(_fixture.Outside, "pwned")));
        Assert.Equal("pwned", _fixture.Text(result, $"{_fixture.Outside}/pwned"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_damaged_compressed_archive_is_refused(string compressor)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{compressor}"), $"{compressor} is not installed");
        var path = Path.Combine(_fixture.ContextPath, "a.tar");
        var noise = new byte[400_000];
        new Random(1).NextBytes(noise);
        BuildFixture.WriteTar(path, (TarEntryType.RegularFile, "file", Convert.ToBase64String(noise)));
        Compress(compressor, path);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes.AsSpan(bytes.Length * 3 / 4, 64).Clear();
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        Assert.StartsWith("Dockerfile:2: ", (await _fixture.FailAsync("FROM scratch\nADD a.tar /")).Message);
    }

    [Fact]
    public async Task A_bzip2_archive_is_refused_with_the_mend()
    {
        _fixture.With("a.tar.bz2", "BZh91AY&SY");
        var error = await _fixture.FailAsync("FROM scratch\nADD a.tar.bz2 /");
        Assert.Equal(ErrorKind.NotSupported, error.Kind);
        Assert.Contains("bzip2", error.Message);
    }

    [Fact]
    public async Task A_truncated_archive_is_refused()
    {
        var path = Path.Combine(_fixture.ContextPath, "a.tar");
        BuildFixture.WriteTar(path, (TarEntryType.RegularFile, "file", new string('x', 5000)));
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(3000);
        }

        Assert.StartsWith("Dockerfile:2: ", (await _fixture.FailAsync("FROM scratch\nADD a.tar /")).Message);
    }

    private static void Compress(string program, string path)
    {
        var plain = path + ".plain";
        File.Move(path, plain);
        _ = Storage.LayerRoundTripTests.Run(program, program == "zstd" ? ["-q", "--rm", plain] : ["-q", plain]);
        File.Move(Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(plain) + ".*").Single(), path);
    }
}
