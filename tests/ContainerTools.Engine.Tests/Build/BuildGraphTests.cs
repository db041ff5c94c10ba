using ContainerTools.Engine.Build.Dockerfiles;

namespace ContainerTools.Engine.Tests.Build;

public class BuildGraphTests
{
    private static readonly BuildPlatform Platform = new("amd64", "");

    private static BuildGraph Plan(string text, string? target = null, Dictionary<string, string>? arguments = null) =>
        BuildGraph.Create(DockerfileParser.Parse("Dockerfile", text), target, arguments ?? [], Platform);

    [Fact]
    public void Only_the_stages_the_target_needs_are_planned()
    {
        var graph = Plan("FROM base AS a\nFROM scratch AS unused\nFROM base AS b\nCOPY --from=a x y\nFROM scratch\nCOPY --from=2 x y\nRUN --mount=target=/m,from=a z\nCOPY --from=busybox x y");
        Assert.Equal([0, 2, 3], graph.Stages.Keys);
        Assert.Equal([0, 2], graph.Stages[3].DependsOn);
        Assert.Equal([0], graph.Stages[2].DependsOn);
        Assert.Equal(new StageBase.StoredImage("base"), graph.Stages[0].Base);
        Assert.IsType<StageBase.Scratch>(graph.Stages[3].Base);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("b", 1)]
    [InlineData("B", 1)]
    [InlineData("0", 0)]
    public void The_target_is_a_name_an_index_or_the_last(string? target, int expected) =>
        Assert.Equal(expected, Plan("FROM scratch AS a\nFROM a AS b\nFROM scratch", target).Target);

    [Fact]
    public void A_stage_can_stand_on_another() => Assert.Equal(new StageBase.OtherStage(0), Plan("FROM scratch AS a\nFROM a").Stages[1].Base);

    [Theory]
    [InlineData("ARG V=1\nFROM img:$V", null, "img:1")]
    [InlineData("ARG V=1\nFROM img:${V}", "V=2", "img:2")]
    [InlineData("ARG V\nFROM img:${V:-3}", null, "img:3")]
    [InlineData("ARG A=x\nARG B=$A-y\nFROM img:$B", null, "img:x-y")]
    [InlineData("FROM img-$TARGETARCH", null, "img-amd64")]
    [InlineData("ARG N=\"quo\"\nFROM $N", null, "quo")]
    public void FROM_uses_global_arguments(string text, string? argument, string expected) =>
        Assert.Equal(
            new StageBase.StoredImage(expected),
            Plan(text, arguments: argument is null ? [] : new Dictionary<string, string> { [argument.Split('=')[0]] = argument.Split('=')[1] }).Stages[0].Base);

    [Fact]
    public void Build_arguments_nobody_declares_warn()
    {
        var graph = Plan("FROM scratch\nARG used", arguments: new() { ["used"] = "1", ["typo"] = "2", ["HTTP_PROXY"] = "3" });
        Assert.Contains("build argument typo;", Assert.Single(graph.Warnings));
    }

    [Fact]
    public void An_unknown_target_names_the_nearest()
    {
        var error = Assert.Throws<ContainerToolsException>(() => Plan("FROM scratch AS build\nFROM scratch AS final", "biuld"));
        Assert.Equal(("BuildStageNotFound", ErrorKind.NotFound), (error.Code, error.Kind));
        Assert.Contains("did you mean 'build'?", error.Message);
        Assert.Contains("build, final", error.RecommendedAction);
    }

    [Theory]
    [InlineData("FROM scratch AS a\nCOPY --from=b x y\nFROM a AS b", 3, "circle")]
    [InlineData("FROM scratch\nCOPY --from=0 x y", 2, "another stage")]
    [InlineData("FROM scratch\nCOPY --from=7 x y", 2, "another stage")]
    [InlineData("FROM $NONE", 1, "expands to nothing")]
    [InlineData("FROM ${X:?give-X}", 1, "give-X")]
    public void What_cannot_be_planned_is_refused_with_its_line(string text, int line, string part)
    {
        var error = Assert.Throws<ContainerToolsException>(() => Plan(text, text.EndsWith('b') ? "b" : null));
        Assert.StartsWith($"Dockerfile:{line}: ", error.Message);
        Assert.Contains(part, error.Message);
    }

    [Fact]
    public void A_foreign_platform_is_refused() =>
        Assert.Equal(ErrorKind.NotSupported, Assert.Throws<ContainerToolsException>(() => Plan("FROM --platform=linux/s390x a")).Kind);

    [Fact]
    public void The_own_platform_is_taken() => Assert.Single(Plan("FROM --platform=$BUILDPLATFORM a").Stages);
}
