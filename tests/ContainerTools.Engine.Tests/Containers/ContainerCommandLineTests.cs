using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerCommandLineTests
{
    private static readonly ImageConfiguration Image = new() { Entrypoint = ["/entry"], Command = ["serve"], Environment = ["A=1", "PATH=/app"] };

    [Fact]
    public void The_image_alone_says_what_runs() => Assert.Equal(["/entry", "serve"], ContainerCommandLine.Words(new ContainerSpec { Image = "i" }, Image));

    [Fact]
    public void A_command_replaces_the_images_command() =>
        Assert.Equal(["/entry", "x"], ContainerCommandLine.Words(new ContainerSpec { Image = "i", Command = ["x"] }, Image));

    [Fact]
    public void An_entrypoint_drops_the_images_command() =>
        Assert.Equal(["sh"], ContainerCommandLine.Words(new ContainerSpec { Image = "i", Entrypoint = ["sh"] }, Image));

    [Fact]
    public void An_empty_entrypoint_clears_it() =>
        Assert.Equal(["x"], ContainerCommandLine.Words(new ContainerSpec { Image = "i", Entrypoint = [], Command = ["x"] }, Image));

    [Fact]
    public void Nothing_to_run_is_an_error() =>
        Assert.Equal("NoCommand", Assert.Throws<ContainerToolsException>(() => ContainerCommandLine.Words(new ContainerSpec { Image = "i" }, new())).Code);

    [Fact]
    public void The_specs_environment_wins_over_the_images_over_the_defaults()
    {
        var spec = new ContainerSpec { Image = "i", Environment = new Dictionary<string, string> { ["A"] = "2" } };
        Assert.Equal(["PATH=/app", "HOSTNAME=h", "A=2", "HOME=/root"], ContainerCommandLine.Environment(spec, Image, "h", "/root"));
    }
}
