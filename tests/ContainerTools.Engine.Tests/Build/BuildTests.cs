using System.Text;

namespace ContainerTools.Engine.Tests.Build;

public sealed class BuildTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task The_configuration_follows_the_instructions()
    {
        var result = await _fixture.BuildAsync("""
            FROM scratch
            ARG version=1
            ENV A=a B="b $version" PATH=/bin
            ENV A=${A}2
            LABEL one=1 "two words"=$A
            EXPOSE 80 443/TCP 53/udp 8000-8002
            VOLUME /data ["/x"]
            VOLUME ["/logs"]
            WORKDIR /app
            WORKDIR sub/./x
            USER app:staff
            STOPSIGNAL SIGINT
            SHELL ["/bin/bash", "-c"]
            HEALTHCHECK --interval=5s --retries=2 CMD curl localhost
            ENTRYPOINT ["run"]
            CMD serve all
            ONBUILD RUN make
            MAINTAINER me
            """);
        var file = _fixture.Config(result);
        var config = file.Config!;
        Assert.Equal(["PATH=/bin", "A=a2", "B=b 1"], config.Environment);
        Assert.Equal("a2", config.Labels!["two words"]);
        Assert.Equal(["443/tcp", "53/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp"], config.ExposedPorts!.Keys);
        Assert.Contains("/logs", config.Volumes!.Keys);
        Assert.Equal(("/app/sub/x", "app:staff", "SIGINT"), (config.WorkingDirectory, config.User, config.StopSignal));
        Assert.Equal(["/bin/bash", "-c", "serve all"], config.Command);
        Assert.Equal(["run"], config.Entrypoint);
        Assert.Equal(["CMD-SHELL", "curl localhost"], config.Healthcheck!.Test);
        Assert.Equal((5_000_000_000L, 2), (config.Healthcheck.Interval!.Value, config.Healthcheck.Retries!.Value));
        Assert.Equal(["RUN make"], config.OnBuild);
        Assert.Equal("me", file.Author);
        Assert.Equal(17, file.History!.Count);
        Assert.Equal(file.RootFilesystem.DiffIds!.Count, file.History.Count(entry => !entry.EmptyLayer));
        Assert.Equal("ENV A=a2", file.History[2].CreatedBy);
        Assert.Equal(18, result.Steps.Count);
    }

    [Fact]
    public async Task ENTRYPOINT_clears_an_inherited_command_only()
    {
        _fixture.WithBase("base", _ => { }, config => config with { Command = ["old"] });
        Assert.Null(_fixture.Config(await _fixture.BuildAsync("FROM base\nENTRYPOINT [\"x\"]")).Config!.Command);
        Assert.Equal(["new"], _fixture.Config(await _fixture.BuildAsync("FROM base\nCMD [\"new\"]\nENTRYPOINT [\"x\"]")).Config!.Command);
    }

    [Theory]
    [InlineData("ARG x\nENV y=$x", "", "y=")]
    [InlineData("ARG x=d\nENV y=$x", "", "y=d")]
    [InlineData("ARG x=d\nENV y=$x", "x=given", "y=given")]
    [InlineData("ENV y=$x", "x=given", "y=")]
    [InlineData("ARG x\nENV x=env\nENV y=$x", "x=given", "y=env")]
    [InlineData("ENV x=env\nARG x=arg\nENV y=$x", "x=given", "y=env")]
    [InlineData("ARG global\nENV y=$global", "", "y=from-global")]
    [InlineData("ENV y=$global", "", "y=")]
    [InlineData("ARG global=own\nENV y=$global", "", "y=own")]
    [InlineData("ARG TARGETARCH\nENV y=$TARGETOS-${TARGETARCH:+set}", "", "y=-set")]
    public async Task Arguments_have_Dockers_scope(string instructions, string arguments, string expected)
    {
        var given = arguments.Length == 0 ? [] : new Dictionary<string, string> { [arguments.Split('=')[0]] = arguments.Split('=')[1] };
        var result = await _fixture.BuildAsync($"ARG global=from-global\nFROM scratch\n{instructions}", request => request with { BuildArguments = given });
        Assert.Contains(expected, _fixture.Config(result).Config!.Environment!);
    }

    [Fact]
    public async Task RUN_gets_environment_arguments_shell_and_layers()
    {
        _fixture.WithBase("base", root => File.WriteAllText(root + "/file", "x"));
        await _fixture.BuildAsync("FROM base\nARG a=1\nARG unset\nENV e=2\nUSER app\nWORKDIR /w\nRUN write /out text", request => request with { BuildArguments = new Dictionary<string, string> { ["HTTP_PROXY"] = "p" } });
        var step = Assert.Single(_fixture.Runs.Steps);
        Assert.Equal(["/bin/sh", "-c", "write /out text"], step.Command);
        Assert.Equal(["HTTP_PROXY=p", "a=1"], step.Arguments.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(("app", "/w", "default"), (step.Config.User, step.Config.WorkingDirectory, step.Network));
        Assert.Contains("e=2", step.Config.Environment!);
        Assert.Equal(2, step.LayersTopFirst.Count);
    }

    [Theory]
    [InlineData("RUN [\"write\", \"x\"]", "write|x")]
    [InlineData("RUN <<EOF\nwrite /a b\nEOF", "/bin/sh|-c|write /a b\n")]
    [InlineData("RUN cat <<EOF\nhi $x\nEOF", "/bin/sh|-c|cat <<EOF\nhi $x\nEOF\n")]
    [InlineData("SHELL [\"/bin/bash\", \"-ec\"]\nRUN a b", "/bin/bash|-ec|a b")]
    [InlineData("RUN a $HOME \"$x\"", "/bin/sh|-c|a $HOME \"$x\"")]
    [InlineData("RUN <<EOF\n#!/usr/bin/python3\nprint(1)\nEOF", "/dev/containertools-script")]
    public async Task RUN_forms(string instructions, string command)
    {
        await _fixture.BuildAsync($"FROM scratch\n{instructions}\n");
        Assert.Equal(command, string.Join('|', Assert.Single(_fixture.Runs.Steps).Command));
    }

    [Fact]
    public async Task Independent_stages_run_at_once()
    {
        await _fixture.BuildAsync("FROM scratch AS a\nRUN wait 300\nFROM scratch AS b\nRUN wait 301\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /", request => request with { ThrottleLimit = 2 });
        Assert.Equal(2, _fixture.Runs.MostAtOnce);
        _fixture.Runs.Steps.Clear();
    }

    [Fact]
    public async Task The_throttle_bounds_them()
    {
        await _fixture.BuildAsync("FROM scratch AS a\nRUN wait 100\nFROM scratch AS b\nRUN wait 101\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /", request => request with { ThrottleLimit = 1 });
        Assert.Equal(1, _fixture.Runs.MostAtOnce);
    }

    [Fact]
    public async Task Only_the_target_is_built()
    {
        var result = await _fixture.BuildAsync("FROM scratch AS a\nRUN write /a 1\nFROM a AS b\nRUN fail 1", request => request with { Target = "a" });
        Assert.Equal("1", _fixture.Text(result, "/a"));
        Assert.Equal(["a", "a"], result.Steps.Select(step => step.Stage));
    }

    [Fact]
    public async Task A_failing_RUN_tells_all_and_leaves_nothing()
    {
        var error = await _fixture.FailAsync("FROM scratch\nRUN write /a b\n\nRUN nothing \\\n special\n\nRUN <<EOF\nsay hello\nfail 7\nEOF\n");
        Assert.Equal("BuildStepFailed", error.Code);
        Assert.StartsWith("Dockerfile:7: RUN <<EOF", error.Message);
        Assert.Contains("exit code 7", error.Message);
        Assert.Contains("did say hello", error.Message);
    }

    [Fact]
    public async Task One_failing_stage_ends_the_others()
    {
        var error = await _fixture.FailAsync("FROM scratch AS a\nRUN wait\nFROM scratch AS b\nRUN fail 3\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /", request => request with { ThrottleLimit = 4 });
        Assert.StartsWith("Dockerfile:4: ", error.Message);
    }

    [Fact]
    public async Task Cancellation_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var build = _fixture.BuildCancellableAsync(new BuildRequest { DockerfileText = "FROM scratch\nRUN wait", Tags = ["result"] }, null, cancellation.Token);
        while (_fixture.Runs.Steps.Count == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Empty(_fixture.Leftovers());
        Assert.Throws<ContainerToolsException>(() => _fixture.Images.Resolve("result"));
    }

    [Fact]
    public async Task Triggers_of_the_base_run_after_FROM_and_are_gone()
    {
        _fixture.With("app", "app").WithBase("base", _ => { }, config => config with { OnBuild = ["COPY app /app", "ENV triggered=yes"] });
        var result = await _fixture.BuildAsync("FROM base\nCMD [\"x\"]");
        Assert.Equal("app", _fixture.Text(result, "/app"));
        Assert.Contains("triggered=yes", _fixture.Config(result).Config!.Environment!);
        Assert.Null(_fixture.Config(result).Config!.OnBuild);
    }

    [Fact]
    public async Task Labels_and_tags_of_the_request_are_set()
    {
        var result = await _fixture.BuildAsync("FROM scratch\nLABEL a=1 b=1", request => request with { Tags = ["shop/web:1.2", "other"], Labels = new Dictionary<string, string> { ["b"] = "2", ["c"] = "3" } });
        Assert.Equal(["1", "2", "3"], result.Image.Labels.OrderBy(label => label.Key).Select(label => label.Value));
        Assert.Equal(result.Image.Id, _fixture.Images.Resolve("shop/web:1.2").Id.ToString());
        Assert.Equal(result.Image.Id, _fixture.Images.Resolve("other:latest").Id.ToString());
    }

    [Fact]
    public async Task A_source_date_makes_the_build_reproducible()
    {
        var date = new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);
        const string Text = "FROM scratch\nENV a=b\nWORKDIR /w\nCOPY a /x/y/\nRUN write /made it";
        _fixture.With("a", "a");
        var first = await _fixture.BuildAsync(Text, request => request with { SourceDate = date, NoCache = true });
        await Task.Delay(1100, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Path.Combine(_fixture.ContextPath, "a"), DateTime.UtcNow);
        var second = await _fixture.BuildAsync(Text, request => request with { SourceDate = date, NoCache = true });
        Assert.Equal(first.Image.Id, second.Image.Id);
        Assert.Equal(date, _fixture.Config(second).Created);
        Assert.All(_fixture.Config(second).History!, entry => Assert.Equal(date, entry.Created));
        Assert.Equal(date.ToUnixTimeSeconds(), _fixture.Find(second, "/x/y/a")!.Status.Modified.Seconds);
    }

    [Theory]
    [InlineData("FROM missing:1", "ImageNotFound", 1)]
    [InlineData("FROM scratch\nCOPY --from=missing:1 /a /b", "ImageNotFound", 2)]
    [InlineData("FROM UPPER", "InvalidImageReference", 1)]
    public async Task An_unknown_image_is_refused_with_its_line(string text, string code, int line)
    {
        var error = await _fixture.FailAsync(text);
        Assert.Equal(code, error.Code);
        Assert.StartsWith($"Dockerfile:{line}: ", error.Message);
    }

    [Theory]
    [InlineData("EXPOSE 70000", "'70000'")]
    [InlineData("EXPOSE 80/icmp", "'80/icmp'")]
    [InlineData("STOPSIGNAL SIGNONE", "'SIGNONE'")]
    [InlineData("USER $none", "expands to nothing")]
    [InlineData("WORKDIR $none", "expands to nothing")]
    [InlineData("ENV a=${x:?required}", "required")]
    public async Task Bad_values_are_refused_with_their_line(string instruction, string part)
    {
        var error = await _fixture.FailAsync($"FROM scratch\n{instruction}");
        Assert.Equal("DockerfileSyntax", error.Code);
        Assert.StartsWith("Dockerfile:2: ", error.Message);
        Assert.Contains(part, error.Message);
    }

    [Fact]
    public async Task The_Dockerfile_is_found_in_the_context_and_named_in_errors()
    {
        _fixture.With("Containerfile", "FROM scratch\nOOPS");
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _fixture.Builds.BuildAsync(new BuildRequest { ContextPath = _fixture.ContextPath }, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("Containerfile:2: ", error.Message);
        _fixture.With("Dockerfile", "FROM scratch\nENV a=b");
        Assert.NotNull((await _fixture.Builds.BuildAsync(new BuildRequest { ContextPath = _fixture.ContextPath }, null, TestContext.Current.CancellationToken)).Image);
        error = await Assert.ThrowsAsync<ContainerToolsException>(() => _fixture.Builds.BuildAsync(new BuildRequest { ContextPath = _fixture.ContextPath, DockerfilePath = "/none/Dockerfile" }, null, TestContext.Current.CancellationToken));
        Assert.Equal("DockerfileNotFound", error.Code);
    }

    [Fact]
    public void Stage_names_for_completion_survive_a_broken_file()
    {
        _fixture.With("Dockerfile", "ARG x\nFROM a AS one\nOOPS\nFROM --platform=$x b as Two\nFROM c");
        Assert.Equal(["one", "two"], _fixture.Builds.GetStageNames(Path.Combine(_fixture.ContextPath, "Dockerfile")));
        Assert.Empty(_fixture.Builds.GetStageNames("/none"));
    }

    [Fact]
    public async Task Mounts_reach_the_step()
    {
        _fixture.With("src/a", "1").With("src/skip", "").With(".dockerignore", "src/skip");
        var seen = new List<string>();
        await _fixture.BuildAsync(
            "FROM scratch AS s\nCOPY src/a /d/a\nFROM scratch\nRUN --mount=target=/ctx,source=src --mount=from=s,source=/d,target=d --mount=type=cache,id=../../x,target=/c --mount=type=tmpfs,target=/t,size=1m write /a b");
        var step = Assert.Single(_fixture.Runs.Steps);
        Assert.Equal([("/ctx", true), ("/d", true), ("/c", false)], step.Mounts.Select(mount => (mount.Destination, mount.ReadOnly)));
        Assert.StartsWith(_fixture.Paths.Layers, step.Mounts[1].Source);
        Assert.StartsWith(Path.Combine(_fixture.Paths.Root, "cache-mounts") + "/", Path.GetFullPath(step.Mounts[2].Source));
        Assert.Equal("size=1m", step.Tmpfs["/t"]);
    }

    [Fact]
    public async Task A_mount_source_that_is_a_link_stays_in_its_image()
    {
        _fixture.WithBase("evil", root => File.CreateSymbolicLink(root + "/src", "/"));
        await _fixture.BuildAsync("FROM scratch\nRUN --mount=from=evil,source=/src,target=/m nothing");
        Assert.StartsWith(_fixture.Paths.Layers, Assert.Single(_fixture.Runs.Steps).Mounts[0].Source);
    }

    [Fact]
    public async Task Warnings_and_log_lines_reach_the_progress()
    {
        var reports = new Reports();
        await _fixture.BuildAsync("FROM scratch\nRUN say hello", request => request with { BuildArguments = new Dictionary<string, string> { ["typo"] = "1" } }, reports);
        Assert.Contains(reports.Items, item => item.LogLine == "did say hello");
        Assert.Contains(reports.Items, item => item.LogLine?.Contains("typo", StringComparison.Ordinal) == true);
        Assert.Equal(2, reports.Items.Count(item => item.Completed));
    }

    private sealed class Reports : IProgress<EngineProgress>
    {
        public List<EngineProgress> Items { get; } = [];

        public void Report(EngineProgress value)
        {
            lock (Items)
            {
                Items.Add(value);
            }
        }
    }
}
