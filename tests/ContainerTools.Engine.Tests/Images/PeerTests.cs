using System.Text.Json;
using ContainerTools.Engine.Tests.Containers;
using ContainerTools.Engine.Tests.Host;

namespace ContainerTools.Engine.Tests.Images;

/// <summary>Images that we build run in podman as they run in ours, and the other way round.</summary>
public sealed class PeerTests(EngineFixture host) : IClassFixture<EngineFixture>, IDisposable
{
    private const string Dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY busybox /bin/sh
        COPY --chown=1000:1001 data/ /srv/app/
        ENV MODE=live NAME="two words"
        LABEL made.by=test
        EXPOSE 80/tcp 53/udp
        VOLUME /cache
        STOPSIGNAL SIGINT
        WORKDIR /srv/app
        USER 1000:1001
        ENTRYPOINT ["/bin/busybox", "sh", "-c"]
        CMD ["/bin/busybox id -u; /bin/busybox id -g; pwd; echo $MODE $NAME; /bin/busybox stat -c '%u:%g %a' file; /bin/busybox cat file"]
        """;

    private const string Expected = "1000\n1001\n/srv/app\nlive two words\n1000:1001 640\ndata\n";
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(ImageArchiveFormat.DockerArchive, "docker-archive:")]
    [InlineData(ImageArchiveFormat.OciArchive, "oci-archive:")]
    public async Task An_image_built_by_us_runs_in_podman_with_the_same_configuration(ImageArchiveFormat format, string transport)
    {
        PeerEngine.Require("podman");
        var peer = new PeerEngine(_directory.PathOf("peer"));
        var built = await BuildAsync("ours:1");
        Assert.Equal((0, Expected, ""), await host.RunAsync(new ContainerSpec { Image = "ours:1" }));
        var archive = await ExportAsync("ours:1", format);

        var id = peer.Run("podman", "pull", "-q", transport + archive).Trim();

        Assert.Equal(Expected, peer.Run("podman", "run", "--rm", "--network", "none", id));
        Assert.Equal(built.Image.Id, "sha256:" + id);
        using var inspected = JsonDocument.Parse(peer.Run("podman", "image", "inspect", id));
        AssertSame(built.Image.Config, inspected.RootElement[0].GetProperty("Config"));
    }

    [Fact]
    public async Task An_image_built_by_us_is_read_by_skopeo_with_the_same_configuration()
    {
        PeerEngine.Require("skopeo");
        var built = await BuildAsync("ours:2");
        var archive = await ExportAsync("ours:2", ImageArchiveFormat.DockerArchive);

        using var inspected = JsonDocument.Parse(Storage.LayerRoundTripTests.Run("skopeo", "inspect", "--config", "docker-archive:" + archive));

        AssertSame(built.Image.Config, inspected.RootElement.GetProperty("config"));
    }

    [Theory]
    [InlineData("docker-archive:", ":theirs/name:1")]
    [InlineData("oci-archive:", ":theirs/name:1")]
    public async Task An_image_built_by_buildah_runs_in_ours_with_the_same_configuration(string transport, string suffix)
    {
        PeerEngine.Require("buildah");
        var peer = new PeerEngine(_directory.PathOf("peer"));
        peer.Run("buildah", "build", "--quiet", "--format", transport == "oci-archive:" ? "oci" : "docker", "--tag", "theirs/name:1", Context());
        var archive = _directory.PathOf("theirs.tar");
        peer.Run("buildah", "push", "--quiet", "theirs/name:1", transport + archive + suffix);

        var image = Assert.Single(await host.Engine.Images.ImportAsync(new ImageImportRequest { Path = archive, Tags = ["theirs:1"] }, null, Token));

        Assert.Equal((0, Expected, ""), await host.RunAsync(new ContainerSpec { Image = "theirs:1" }));
        var ours = (await BuildAsync("ours:3")).Image.Config;
        Assert.Equal(
            (ours.User, ours.WorkingDirectory, ours.StopSignal, string.Join('|', ours.Entrypoint), string.Join('|', ours.Command), string.Join('|', ours.ExposedPorts), string.Join('|', ours.Volumes)),
            (image.Config.User, image.Config.WorkingDirectory, image.Config.StopSignal, string.Join('|', image.Config.Entrypoint), string.Join('|', image.Config.Command), string.Join('|', image.Config.ExposedPorts), string.Join('|', image.Config.Volumes)));
        Assert.Equal(ours.Environment.Order(), image.Config.Environment.Order());
        Assert.Equal("test", image.Labels["made.by"]);
    }

    private static void AssertSame(ImageConfiguration ours, JsonElement theirs)
    {
        Assert.Equal(ours.Environment, Strings(theirs, "Env"));
        Assert.Equal(ours.Entrypoint, Strings(theirs, "Entrypoint"));
        Assert.Equal(ours.Command, Strings(theirs, "Cmd"));
        Assert.Equal(
            (ours.User, ours.WorkingDirectory, ours.StopSignal),
            (theirs.GetProperty("User").GetString(), theirs.GetProperty("WorkingDir").GetString(), theirs.GetProperty("StopSignal").GetString()));
        Assert.Equal(ours.ExposedPorts, theirs.GetProperty("ExposedPorts").EnumerateObject().Select(port => port.Name).Order());
        Assert.Equal(ours.Volumes, theirs.GetProperty("Volumes").EnumerateObject().Select(volume => volume.Name));
        Assert.Equal("test", theirs.GetProperty("Labels").GetProperty("made.by").GetString());
    }

    private static IEnumerable<string?> Strings(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private Task<BuildResult> BuildAsync(string tag) => host.Engine.Builds.BuildAsync(new BuildRequest { ContextPath = Context(), Tags = [tag] }, null, Token);

    private Task<string> ExportAsync(string image, ImageArchiveFormat format) =>
        host.Engine.Images.ExportAsync(new ImageExportRequest { Images = [image], Path = _directory.PathOf("ours.tar"), Format = format }, null, Token);

    private string Context()
    {
        var context = _directory.PathOf("context");
        if (!Directory.Exists(context))
        {
            Directory.CreateDirectory(Path.Combine(context, "data"));
            File.Copy("/bin/busybox", Path.Combine(context, "busybox"));
            File.WriteAllText(Path.Combine(context, "data", "file"), "data\n");
            File.SetUnixFileMode(Path.Combine(context, "data", "file"), (UnixFileMode)0b110_100_000);
            File.WriteAllText(Path.Combine(context, "Dockerfile"), Dockerfile);
        }

        return context;
    }
}
