using ContainerTools.Engine.Build.Context;

namespace ContainerTools.Engine.Tests.Build;

public sealed class CopyTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("COPY a.txt /x/", "/x/a.txt")]
    [InlineData("COPY a.txt /x", "/x")]
    [InlineData("COPY a.txt /x/b.txt", "/x/b.txt")]
    [InlineData("COPY a.txt .", "/srv/a.txt")]
    [InlineData("COPY a.txt sub/", "/srv/sub/a.txt")]
    [InlineData("COPY ./d/../a.txt /x", "/x")]
    [InlineData("COPY /a.txt /x", "/x")]
    [InlineData("COPY [\"a.txt\", \"/with blank\"]", "/with blank")]
    [InlineData("COPY a.tx? /x/", "/x/a.txt")]
    [InlineData("COPY *.txt /x/", "/x/a.txt")]
    [InlineData("COPY a.txt none* /x/", "/x/a.txt")]
    [InlineData("COPY d /x", "/x/in.txt")]
    [InlineData("COPY d/ /x/", "/x/in.txt")]
    [InlineData("COPY d/* /x/", "/x/in.txt")]
    [InlineData("COPY */in.txt /x/", "/x/in.txt")]
    [InlineData("COPY --parents d/in.txt /x/", "/x/d/in.txt")]
    [InlineData("COPY --parents ./d/./in.txt /x/", "/x/in.txt")]
    [InlineData("COPY --parents **/in.txt /x/", "/x/d/in.txt")]
    [InlineData("COPY . /x", "/x/d/in.txt")]
    [InlineData("ADD a.txt /x", "/x")]
    [InlineData("COPY link.txt /x", "/x")]
    [InlineData("COPY $SRC /${NAME:-x}", "/x")]
    public async Task A_file_arrives_where_Docker_puts_it(string instruction, string path)
    {
        _fixture.With("a.txt", "hello").With("d/in.txt", "hello");
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "link.txt"), "a.txt");
        var result = await _fixture.BuildAsync($"FROM scratch\nENV SRC=a.txt\nWORKDIR /srv\n{instruction}");
        var node = _fixture.Find(result, path);
        Assert.Equal(NodeKind.File, node?.Status.Kind);
        Assert.Equal("hello", _fixture.Text(result, path));
        Assert.Equal((0u, 0u), (node!.Status.UserId, node.Status.GroupId));
    }

    [Fact]
    public async Task Modes_owners_times_and_links_are_kept_or_set()
    {
        _fixture.With("d/run.sh", "x", (UnixFileMode)0b111_101_000).With("d/data", "y");
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "d/link"), "run.sh");
        File.SetLastWriteTimeUtc(Path.Combine(_fixture.ContextPath, "d/data"), DateTime.UnixEpoch.AddDays(1));
        _fixture.WithBase("base", root =>
        {
            Directory.CreateDirectory(root + "/etc");
            File.WriteAllText(root + "/etc/passwd", "root:x:0:0::/:\napp:x:7:8::/:\n");
            File.WriteAllText(root + "/etc/group", "staff:x:50:\n");
        });
        var result = await _fixture.BuildAsync("FROM base\nCOPY d /a\nCOPY --chown=app d /b\nCOPY --chown=app:staff --chmod=0640 d/run.sh /c\nCOPY --chown=9 --chmod=u=rwX,go= d /e");
        Assert.Equal(0b111_101_000, _fixture.Find(result, "/a/run.sh")!.Status.Mode);
        Assert.Equal(86400, _fixture.Find(result, "/a/data")!.Status.Modified.Seconds);
        Assert.Equal("run.sh", LayeredTree.LinkTarget(_fixture.Find(result, "/a/link")!));
        Assert.Equal((7u, 8u), (_fixture.Find(result, "/b/data")!.Status.UserId, _fixture.Find(result, "/b/data")!.Status.GroupId));
        Assert.Equal((7u, 50u, 0b110_100_000), (_fixture.Find(result, "/c")!.Status.UserId, _fixture.Find(result, "/c")!.Status.GroupId, _fixture.Find(result, "/c")!.Status.Mode));
        Assert.Equal((9u, 9u, 0b111_000_000), (_fixture.Find(result, "/e/run.sh")!.Status.UserId, _fixture.Find(result, "/e/run.sh")!.Status.GroupId, _fixture.Find(result, "/e/run.sh")!.Status.Mode));
        Assert.Equal(0b110_000_000, _fixture.Find(result, "/e/data")!.Status.Mode);
    }

    [Fact]
    public async Task Here_documents_become_files()
    {
        var result = await _fixture.BuildAsync("FROM scratch\nENV x=value\nCOPY <<a <<'b' /d/\n\"$x\"\na\n$x\nb\nCOPY --chmod=755 <<EOF /one\n#!/bin/sh\nEOF\n");
        Assert.Equal("\"value\"\n", _fixture.Text(result, "/d/a"));
        Assert.Equal("$x\n", _fixture.Text(result, "/d/b"));
        Assert.Equal(0b111_101_101, _fixture.Find(result, "/one")!.Status.Mode);
    }

    [Fact]
    public async Task The_ignore_file_leaves_out()
    {
        _fixture.With(".dockerignore", "*.log\nnode\n!node/keep.js\n").With("a.log", "").With("a.txt", "").With("node/x.js", "").With("node/keep.js", "");
        var result = await _fixture.BuildAsync("FROM scratch\nCOPY . /");
        Assert.NotNull(_fixture.Find(result, "/a.txt"));
        Assert.NotNull(_fixture.Find(result, "/node/keep.js"));
        Assert.Null(_fixture.Find(result, "/a.log"));
        Assert.Null(_fixture.Find(result, "/node/x.js"));
    }

    [Fact]
    public async Task Excluded_files_stay_out()
    {
        _fixture.With("d/a.md", "").With("d/e/b.md", "").With("d/c.cs", "");
        var result = await _fixture.BuildAsync("FROM scratch\nCOPY --exclude=**/*.md d /x");
        Assert.Equal(["c.cs", "e"], _fixture.Tree(result).Children(_fixture.Find(result, "/x")!).Select(node => node.Name));
        Assert.Null(_fixture.Find(result, "/x/e/b.md"));
    }

    [Theory]
    [InlineData("COPY none /x", "no such file")]
    [InlineData("COPY ../secret /x", "leads out of the build context")]
    [InlineData("COPY d/../../secret /x", "leads out of the build context")]
    [InlineData("COPY /../secret /x", "leads out of the build context")]
    [InlineData("COPY escape /x", "no such file")]
    [InlineData("COPY up/secret /x", "no such file")]
    [InlineData("COPY *.none /x/", "no file matches")]
    [InlineData("COPY ignored.txt /x", "the ignore file leaves it out")]
    public async Task A_source_that_is_missing_or_outside_is_refused_with_its_line(string instruction, string reason)
    {
        File.WriteAllText(Path.Combine(_fixture.Outside, "secret"), "secret");
        _fixture.With("d/a", "").With("ignored.txt", "").With(".dockerignore", "ignored.txt");
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "escape"), Path.Combine(_fixture.Outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "up"), "..");
        var error = await _fixture.FailAsync($"FROM scratch\n\n{instruction}");
        Assert.Equal(("BuildSourceNotFound", ErrorKind.NotFound), (error.Code, error.Kind));
        Assert.StartsWith("Dockerfile:3: ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public async Task A_link_in_the_context_shows_nothing_of_the_host()
    {
        _fixture.With("d/a", "");
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "d/passwd"), "/etc/passwd");
        var result = await _fixture.BuildAsync("FROM scratch\nCOPY d /x");
        Assert.Equal("/etc/passwd", LayeredTree.LinkTarget(_fixture.Find(result, "/x/passwd")!));
        Assert.Equal("BuildSourceNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => _fixture.BuildAsync("FROM scratch\nCOPY d/passwd /x"))).Code);
    }

    [Theory]
    [InlineData("COPY out/ /x/")]
    [InlineData("COPY out/. /x/")]
    [InlineData("COPY --from=stage /out/ /x/")]
    [InlineData("COPY --from=stage /out/secret /x/")]
    [InlineData("ADD out/secret /x/")]
    public async Task A_link_with_a_trailing_slash_opens_nothing_of_the_host(string instruction)
    {
        var outside = Path.Combine(_fixture.Outside, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "secret"), "secret");
        _fixture.With("keep", "").WithBase("base", root => File.CreateSymbolicLink(root + "/out", outside));
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "out"), outside);

        // The control: the kernel follows the link when it is not told otherwise.
        Assert.True(File.Exists(Path.Combine(_fixture.ContextPath, "out/secret")));
        var error = await _fixture.FailAsync($"FROM base AS stage\nFROM scratch\n{instruction}\n");
        Assert.Equal("BuildSourceNotFound", error.Code);
    }

    [Theory]
    [InlineData("/evil/pwned")]
    [InlineData("/evil2/pwned")]
    [InlineData("/chain/pwned")]
    public async Task A_link_in_the_image_leads_nowhere_outside(string destination)
    {
        _fixture.With("pwned", "pwned").WithBase("base", root =>
        {
            Directory.CreateDirectory(root + "/real");
            File.CreateSymbolicLink(root + "/evil", _fixture.Outside);
            File.CreateSymbolicLink(root + "/evil2", "../../../../../../../../../.." + _fixture.Outside);
            File.CreateSymbolicLink(root + "/chain", "evil");
        });
        var result = await _fixture.BuildAsync($"FROM base\nCOPY pwned {destination}");
        Assert.False(File.Exists(Path.Combine(_fixture.Outside, "pwned")));
        Assert.Equal("pwned", _fixture.Text(result, $"{_fixture.Outside}/pwned"));
    }

    [Fact]
    public async Task A_link_just_copied_leads_nowhere_outside()
    {
        _fixture.With("a/x", "").With("b/out/pwned", "pwned");
        File.CreateSymbolicLink(Path.Combine(_fixture.ContextPath, "a/out"), _fixture.Outside);
        _fixture.WithBase("base", root => Directory.CreateDirectory(root + _fixture.Outside));
        var result = await _fixture.BuildAsync("FROM base\nCOPY a b /x/");
        Assert.False(File.Exists(Path.Combine(_fixture.Outside, "pwned")));
        Assert.Equal("pwned", _fixture.Text(result, $"{_fixture.Outside}/pwned"));
    }

    [Fact]
    public async Task Directories_merge_and_files_replace()
    {
        _fixture.With("new/etc/conf", "new").With("new/etc/more", "more").With("new/lib/so", "so").WithBase("base", root =>
        {
            Directory.CreateDirectory(root + "/etc");
            Directory.CreateDirectory(root + "/usr/lib");
            File.WriteAllText(root + "/etc/conf", "old");
            File.WriteAllText(root + "/etc/kept", "kept");
            File.SetUnixFileMode(root + "/etc", (UnixFileMode)0b111_000_000);
            File.CreateSymbolicLink(root + "/lib", "usr/lib");
        });
        var result = await _fixture.BuildAsync("FROM base\nCOPY new /");
        Assert.Equal(("new", "kept", "more"), (_fixture.Text(result, "/etc/conf"), _fixture.Text(result, "/etc/kept"), _fixture.Text(result, "/etc/more")));
        Assert.Equal(0b111_000_000, _fixture.Find(result, "/etc")!.Status.Mode);
        Assert.Equal(NodeKind.SymbolicLink, _fixture.Find(result, "/lib")!.Status.Kind);
        Assert.Equal("so", _fixture.Text(result, "/usr/lib/so"));
    }

    [Theory]
    [InlineData("COPY a.txt d /x", "expected a directory")]
    [InlineData("COPY *.txt /x", "expected a directory")]
    [InlineData("COPY a.txt /dir/sub/a.txt/below/", "")]
    [InlineData("COPY d /file", "not a directory")]
    [InlineData("COPY --chmod=999 a.txt /x", "'999'")]
    [InlineData("COPY --chown=nobody-here a.txt /x", "nobody-here")]
    [InlineData("COPY ${NONE:?give it} /x", "give")]
    [InlineData("ADD ${URL} /x", "remote")]
    public async Task A_copy_that_cannot_be_done_is_refused(string instruction, string part)
    {
        _fixture.With("a.txt", "").With("b.txt", "").With("d/a", "").WithBase("base", root =>
        {
            Directory.CreateDirectory(root + "/dir/sub");
            File.WriteAllText(root + "/dir/sub/a.txt", "");
            File.WriteAllText(root + "/file", "");
        });
        var error = await _fixture.FailAsync($"FROM base\nENV URL=https://example.org/x\n{instruction}");
        Assert.Contains(part, error.Message);
    }
}
