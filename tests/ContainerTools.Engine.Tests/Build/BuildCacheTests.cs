using ContainerTools.Engine.Build.Context;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Build;

public sealed class BuildCacheTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task An_unchanged_build_is_the_same_image_from_the_cache()
    {
        const string Text = "FROM base AS build\nRUN write /made it\nCOPY a.txt /\nFROM base\nENV x=1\nCOPY --from=build /made /\nCOPY d /d\nLABEL l=1\nCMD [\"x\"]";
        _fixture.WithBase("base", _ => { }).With("a.txt", "a").With("d/b", "b");
        var first = await _fixture.BuildAsync(Text);
        var second = await _fixture.BuildAsync(Text);
        Assert.Equal(first.Image.Id, second.Image.Id);
        Assert.Equal(0, first.CacheHits);
        Assert.Equal(second.Steps.Count - 2, second.CacheHits);
        Assert.Single(_fixture.Runs.Steps);
        var third = await _fixture.BuildAsync(Text, request => request with { NoCache = true });
        Assert.Equal((0, 2), (third.CacheHits, _fixture.Runs.Steps.Count));
        Assert.Equal("it", _fixture.Text(third, "/made"));
    }

    [Fact]
    public async Task A_change_invalidates_what_depends_on_it_and_nothing_else()
    {
        const string Text = "FROM scratch AS a\nRUN write /a 1\nFROM scratch\nRUN write /b 1\nCOPY src /src\nRUN write /c 1\nCOPY --from=a /a /a";
        _fixture.With("src/x", "1");
        await _fixture.BuildAsync(Text);
        _fixture.With("src/x", "2");
        var result = await _fixture.BuildAsync(Text);
        Assert.Equal([2, 4], result.Steps.Where(step => step.Cached).Select(step => step.Line));
        Assert.Equal("2", _fixture.Text(result, "/src/x"));
        File.SetUnixFileMode(Path.Combine(_fixture.ContextPath, "src/x"), (UnixFileMode)0b111_101_101);
        Assert.DoesNotContain((await _fixture.BuildAsync(Text)).Steps, step => step.Line == 5 && step.Cached);
    }

    [Fact]
    public async Task A_result_that_another_takes_the_place_of_is_no_garbage_for_ever()
    {
        const string Text = "FROM scratch\nRUN write /out text\n";
        var first = await _fixture.BuildAsync(Text);
        _fixture.Images.Remove(first.Image.Id, force: true);
        var layer = Oci.Digest.Parse(first.Image.Layers[0]);
        Assert.True(_fixture.Layers.Contains(layer)); // The cache refers to it.

        await Task.Delay(20, TestContext.Current.CancellationToken);
        var second = await _fixture.BuildAsync(Text, request => request with { NoCache = true });

        Assert.NotEqual(first.Image.Layers[0], second.Image.Layers[0]);
        Assert.False(_fixture.Layers.Contains(layer));
        Assert.Empty(_fixture.Layers.FindGarbage());
    }

    [Fact]
    public async Task The_next_process_knows_the_digests_of_unchanged_files()
    {
        _fixture.With("file", "content");
        await Task.Delay(150, TestContext.Current.CancellationToken); // Younger files are not trusted.
        await _fixture.BuildAsync("FROM scratch\nCOPY file /\n");
        FileDigests.Forget();
        var file = LayeredTree.OfDirectory(_fixture.ContextPath).Find("/file")!;
        var digests = new FileDigests(_fixture.Layers.Catalog);
        digests.Prefetch([file]);

        // The file need not be read, and cannot be any more.
        File.Delete(file.HostPath);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("content"u8)), digests.Of(file));
    }

    [Fact]
    public async Task A_touched_file_of_the_same_content_changes_nothing()
    {
        _fixture.With("a", "1");
        var first = await _fixture.BuildAsync("FROM scratch\nCOPY a /a");
        File.SetLastWriteTimeUtc(Path.Combine(_fixture.ContextPath, "a"), DateTime.UnixEpoch);
        Assert.Equal(first.Image.Id, (await _fixture.BuildAsync("FROM scratch\nCOPY a /a")).Image.Id);
    }

    [Theory]
    [InlineData("ARG v\nRUN write /a b", 2)]
    [InlineData("RUN write /a b\nARG v", 1)]
    [InlineData("ARG v\nCOPY <<f /f\n$v\nf\nRUN write /a b", 2)]
    public async Task Arguments_count_where_they_matter(string instructions, int runs)
    {
        foreach (var value in (string[])["1", "2", "1"])
        {
            await _fixture.BuildAsync($"FROM scratch\n{instructions}\n", request => request with { BuildArguments = new Dictionary<string, string> { ["v"] = value } });
        }

        Assert.Equal(runs, _fixture.Runs.Steps.Count);
    }
}
