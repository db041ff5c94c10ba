using System.Diagnostics;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Images;

public sealed class BaseImageTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Its_commands_run_with_nothing_of_the_host()
    {
        var image = await NewAsync("base", "sh", "ls", "id", "cat");

        Assert.Equal(["base:latest"], image.Tags);
        Assert.Equal(["/bin/sh"], image.Config.Command);
        Assert.StartsWith("PATH=", image.Config.Environment[0], StringComparison.Ordinal);
        Assert.Equal("root\nboth\n", InChroot(image, "/bin/sh", "-c", "id -un; test -x /bin/ls && test -x /usr/bin/ls && echo both"));
        Assert.Contains("nobody", InChroot(image, "/usr/bin/cat", "/etc/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_files_give_the_same_image()
    {
        var first = await NewAsync("base", "sh", "ls");
        using var other = new TestStore();
        var second = await other.Images.NewBaseAsync(new BaseImageRequest { Name = "again", Commands = ["sh", "ls"] }, null, TestContext.Current.CancellationToken);

        Assert.Equal((first.Id, first.Layers[0], first.Digest), (second.Id, second.Layers[0], second.Digest));
    }

    [Fact]
    public async Task Root_directories_are_what_programs_expect()
    {
        var image = await NewAsync("base", "sh");
        var root = _store.Layers.PathOf(Digest.Parse(image.Layers[0]));

        const UnixFileMode Everyone = (UnixFileMode)0x1ff;
        Assert.Equal(Everyone | UnixFileMode.StickyBit, File.GetUnixFileMode(Path.Combine(root, "tmp")));
        Assert.Equal("usr/bin", new FileInfo(Path.Combine(root, "bin")).LinkTarget);
        Assert.All(new[] { "proc", "sys", "dev", "run", "etc/hosts" }, path => Assert.True(Path.Exists(Path.Combine(root, path)), path));
    }

    [Fact]
    public async Task A_script_brings_its_interpreter()
    {
        var script = _store.PathOf("greet");
        File.WriteAllText(script, "#!/usr/bin/env sh\necho hello\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ed);

        var image = await NewAsync("base", script);

        Assert.Equal("hello\n", InChroot(image, "/usr/bin/greet"));
    }

    [Theory]
    [InlineData("no-such-command-anywhere", "CommandNotFound")]
    [InlineData("/etc/passwd", "CommandNotExecutable")]
    [InlineData("./relative", "CommandPathNotAbsolute")]
    public async Task What_is_no_command_is_refused_and_leaves_nothing(string command, string code)
    {
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => NewAsync("base", "sh", command));

        Assert.Equal(code, error.Code);
        Assert.Empty(_store.StoredFiles());
        Assert.Empty(_store.Images.List());
    }

    [Fact]
    public async Task A_taken_name_is_refused_and_the_new_layer_goes()
    {
        _ = await NewAsync("base", "sh");
        var before = _store.StoredFiles();

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => NewAsync("base", "ls"));

        Assert.Equal("TagInUse", error.Code);
        Assert.Equal(before, _store.StoredFiles());
    }

    private Task<Image> NewAsync(string name, params string[] commands) =>
        _store.Images.NewBaseAsync(new BaseImageRequest { Name = name, Commands = commands }, null, TestContext.Current.CancellationToken);

    private string InChroot(Image image, params string[] command)
    {
        var start = new ProcessStartInfo("chroot", [_store.Layers.PathOf(Digest.Parse(image.Layers[0])), .. command]) { RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
