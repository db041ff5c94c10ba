using ContainerTools.Engine.Tests.Host;
using System.Diagnostics;
using ContainerTools.Engine.Build.Context;

namespace ContainerTools.Engine.Tests.Build;

/// <summary>RUN on the real kernel; the base image is one static busybox.</summary>
public sealed class RunTests : IDisposable
{
    private readonly BuildFixture _fixture = new(withRuntime: true);

    public RunTests() => _fixture.WithBusybox("base");

    public void Dispose()
    {
        var mounts = Mounted.Points().Where(path => path.StartsWith(_fixture.Paths.Root, StringComparison.Ordinal) || path.StartsWith(_fixture.Paths.Run, StringComparison.Ordinal)).ToList();
        _fixture.Dispose();
        Assert.Empty(mounts);
    }

    [Fact]
    public async Task A_command_changes_the_image_and_nothing_else_is_in_its_layer()
    {
        var result = await _fixture.BuildAsync("FROM base\nRUN echo made > /made && mkdir -p /a/b && rm /etc/old && ln -s made /link");
        Assert.Equal("made\n", _fixture.Text(result, "/made"));
        Assert.Equal(NodeKind.SymbolicLink, _fixture.Find(result, "/link")!.Status.Kind);
        Assert.Null(_fixture.Find(result, "/etc/old"));
        Assert.Equal(["a", "etc", "link", "made"], Directory.EnumerateFileSystemEntries(_fixture.Layers.PathOf(Oci.Digest.Parse(result.Image.Layers[^1]))).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(_fixture.Find(result, "/etc/resolv.conf"));
        Assert.Empty(_fixture.Leftovers());
    }

    [Fact]
    public async Task Environment_user_directory_and_arguments_reach_the_command()
    {
        var result = await _fixture.BuildAsync(
            "FROM base\nARG a=arg\nENV e=env\nWORKDIR /srv\nRUN chmod 777 /srv || /bin/busybox chmod 777 /srv\nUSER app\nRUN echo \"$a $e $(id -u):$(id -g) $(pwd) $HOME $PATH\" > out");
        Assert.Equal("arg env 1000:1000 /srv /home/app /bin\n", _fixture.Text(result, "/srv/out"));
        Assert.Equal(1000u, _fixture.Find(result, "/srv/out")!.Status.UserId);
    }

    [Theory]
    [InlineData("RUN <<EOF\nx=two\necho one > /out\necho $x >> /out\nEOF", "one\ntwo\n")]
    [InlineData("RUN cat <<A > /out && cat <<'B' >> /out\n$PATH\nA\n$PATH\nB", "/bin\n$PATH\n")]
    [InlineData("RUN <<EOF\n#!/bin/cat\ntext\nEOF\nRUN echo done > /out", "done\n")]
    [InlineData("RUN [\"/bin/sh\", \"-c\", \"echo exec > /out\"]", "exec\n")]
    [InlineData("SHELL [\"/bin/busybox\", \"sh\", \"-ec\"]\nRUN false; echo no > /out || true", null)]
    public async Task Every_form_runs(string instructions, string? expected)
    {
        if (expected is null)
        {
            Assert.Equal("BuildStepFailed", (await _fixture.FailAsync($"FROM base\n{instructions}\n")).Code);
        }
        else
        {
            Assert.Equal(expected, _fixture.Text(await _fixture.BuildAsync($"FROM base\n{instructions}\n"), "/out"));
        }
    }

    [Theory]
    [InlineData("RUN echo out; echo err >&2; exit 7", "exit code 7", "err")]
    [InlineData("RUN nosuchcommand", "exit code 127", "nosuchcommand")]
    [InlineData("RUN [\"/no/such\"]", "/no/such", "")]
    public async Task A_failure_tells_line_exit_code_and_last_output(string instruction, string reason, string output)
    {
        var error = await _fixture.FailAsync($"FROM base\nENV a=b\n{instruction}");
        Assert.Equal("BuildStepFailed", error.Code);
        Assert.StartsWith("Dockerfile:3: RUN", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Contains(output, error.Message);
    }

    [Fact]
    public async Task Cancelling_kills_the_command_and_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var marker = $"31{Environment.ProcessId}";
        var build = _fixture.BuildCancellableAsync(new BuildRequest { DockerfileText = $"FROM base\nRUN sleep {marker}", Tags = ["result"] }, null, cancellation.Token);
        while (!Sleeping(marker))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.False(build.IsFaulted, build.Exception?.ToString());
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.False(Sleeping(marker));
        Assert.Empty(_fixture.Leftovers());
    }

    [Fact]
    public async Task Mounts_are_there_for_the_command_only()
    {
        _fixture.With("src/a", "from context");
        var result = await _fixture.BuildAsync("""
            FROM base AS tools
            RUN echo tool > /tool
            FROM base
            RUN --mount=target=/ctx,source=src --mount=from=tools,source=/tool,target=/t/tool cat /ctx/a /t/tool > /out; ! touch /ctx/x 2> /dev/null
            RUN --mount=type=cache,target=/cache echo 1 >> /cache/count
            RUN --mount=type=cache,target=/cache echo 2 >> /cache/count; cat /cache/count > /count
            RUN --mount=type=tmpfs,target=/scratch touch /scratch/x
            """);
        Assert.Equal("from contexttool\n", _fixture.Text(result, "/out"));
        Assert.Equal("1\n2\n", _fixture.Text(result, "/count"));
        foreach (var path in (string[])["/ctx", "/t", "/cache", "/scratch"])
        {
            Assert.Null(_fixture.Find(result, path));
        }
    }

    [Fact]
    public async Task Nothing_of_the_host_shows()
    {
        Environment.SetEnvironmentVariable("CT_TEST_SECRET", "secret");
        var result = await _fixture.BuildAsync("FROM base\nRUN env > /env; cat /proc/1/environ >> /env; ls /proc/self/fd > /fds; id -u > /id; cat /proc/self/status | grep -i capeff > /caps");
        Assert.DoesNotContain("secret", _fixture.Text(result, "/env"));
        Assert.DoesNotContain("000001ffffffffff", _fixture.Text(result, "/caps"));
        Assert.Equal(["0", "1", "2", "3"], _fixture.Text(result, "/fds")!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Layers_stack_and_later_steps_see_earlier_ones()
    {
        _fixture.With("app/one", "1");
        var result = await _fixture.BuildAsync("FROM base AS build\nCOPY app /app\nRUN cat /app/one > /app/two\nFROM base\nCOPY --from=build --chown=app /app /srv\nRUN cat /srv/two > /three && rm -r /srv");
        Assert.Equal("1", _fixture.Text(result, "/three"));
        Assert.Null(_fixture.Find(result, "/srv"));
    }

    [Fact]
    public async Task CVE_2024_9675_the_id_of_a_cache_is_no_path()
    {
        await _fixture.BuildAsync("FROM base\nRUN --mount=type=cache,id=../../../evil,target=/c touch /c/made\n");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Outside, "evil", SearchOption.AllDirectories));
        var made = Assert.Single(Directory.EnumerateFiles(_fixture.Paths.Root, "made", SearchOption.AllDirectories));
        Assert.StartsWith(Path.Combine(_fixture.Paths.Root, "cache-mounts"), made);
    }

    [Theory]
    [InlineData("mv /a /c && ln -s VICTIM /a")]
    [InlineData("mv /a /c && ln -s ../../../../../../../../..VICTIM /a")]
    public async Task CVE_2024_23652_a_mount_point_swapped_for_a_link_deletes_nothing_on_the_host(string swap)
    {
        var victim = Path.Combine(_fixture.Outside, "victim");
        Directory.CreateDirectory(Path.Combine(victim, "b"));

        var result = await _fixture.BuildAsync($"FROM base\nRUN --mount=type=tmpfs,target=/a/b {swap.Replace("VICTIM", victim, StringComparison.Ordinal)}\n");

        // The control: the link is in the layer, and whoever follows it stands on the host.
        var layer = _fixture.Layers.PathOf(Oci.Digest.Parse(result.Image.Layers[^1]));
        Assert.NotNull(new FileInfo(Path.Combine(layer, "a")).LinkTarget);
        Assert.True(Directory.Exists(Path.Combine(victim, "b")));
    }

    private static bool Sleeping(string marker) => Process.GetProcessesByName("sleep").Concat(Process.GetProcessesByName("busybox")).Any(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(marker, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
