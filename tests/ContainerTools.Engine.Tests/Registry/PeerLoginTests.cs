using System.Net;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Tests.Images;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Files that other tools wrote are read, and ours by them; a real registry says which login is right.</summary>
public sealed class PeerLoginTests : IDisposable
{
    // htpasswd -nbB me s3cret
    private const string PasswordLine = "me:$2a$05$QDyLr2BuZsISuZpcfs8Xkuq71c1RIOKrXsQaHXyPCcWzQy.pcNRtu";

    private readonly LoginFixture _user = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _user.Dispose();

    [Theory]
    [InlineData("podman")]
    [InlineData("skopeo")]
    public async Task Other_tools_read_what_is_written(string tool)
    {
        PeerEngine.Require(tool);
        await _user.ConnectAsync("docker.io", "hub");
        await _user.ConnectAsync("registry.example:5000", "me", "exchange");

        Assert.Equal((0, "hub"), LoginFixture.Run(tool, "", "login", "--get-login", "--authfile", _user.Config, "docker.io"));
        Assert.Equal((0, "me"), LoginFixture.Run(tool, "", "login", "--get-login", "--authfile", _user.Config, "registry.example:5000"));

        await _user.Registries.DisconnectAsync("docker.io", Token);
        Assert.NotEqual(0, LoginFixture.Run(tool, "", "login", "--get-login", "--authfile", _user.Config, "docker.io").Code);
    }

    [Theory]
    [InlineData("podman")]
    [InlineData("skopeo")]
    [InlineData("docker")]
    public async Task What_other_tools_write_is_read_and_removed(string tool)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{tool}") || File.Exists($"/usr/local/bin/{tool}"), $"{tool} is not installed");
        using var registry = Registry();
        string[] place = tool == "docker" ? ["--config", Path.GetDirectoryName(_user.Config)!, "login"] : ["login", "--tls-verify=false", "--authfile", _user.AuthFile];
        Directory.CreateDirectory(Path.GetDirectoryName(_user.Config)!);

        var (code, output) = LoginFixture.Run(tool, "s3cret", [.. place, "-u", "me", "--password-stdin", registry.Name]);
        Assert.SkipWhen(tool == "docker" && code != 0 && output.Contains("daemon", StringComparison.OrdinalIgnoreCase), output);

        Assert.True(code == 0, output);
        Assert.Equal("me s3cret", await _user.FindAsync(registry.Name));
        await _user.Registries.DisconnectAsync(registry.Name, Token);
        Assert.Null(await _user.FindAsync(registry.Name));
    }

    [Fact]
    public async Task A_real_registry_accepts_the_right_login_and_no_other()
    {
        using var registry = Registry();
        var setup = new RegistrySetup { Settings = { [registry.Name] = new RegistrySettings { Name = registry.Name, AllowUnencrypted = true } } };
        using var access = new RegistryAccess(setup, setup, () => null, setup.Options);
        var check = new RegistryLoginCheck(access);

        var right = new RegistryCredential("me", "s3cret");
        Assert.Equal(right, await check.VerifyAsync(registry.Name, right, Token));
        var error = await Assert.ThrowsAsync<RegistryException>(() => check.VerifyAsync(registry.Name, new RegistryCredential("me", "hunter2"), Token));
        Assert.Equal((ErrorKind.Unauthenticated, "RegistryLoginFailed"), (error.Kind, error.Code));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_asks_the_registry_in_the_way_that_the_user_has_set()
    {
        using var registry = Registry();
        var store = Path.Combine(_user.PathOf("store"));
        using var engine = new ContainerEngineFactory().Open(new EngineOptions { Root = Path.Combine(store, "root"), Run = Path.Combine(store, "run"), RuntimePath = "/nowhere" });
        engine.Registries.Change(registry.Name, new RegistryChange { AllowUnencrypted = true });

        var refused = await Assert.ThrowsAsync<RegistryException>(() => engine.Registries.ConnectAsync(
            new RegistryLoginRequest { Registry = registry.Name, Credential = new NetworkCredential("me", "hunter2") }, Token));
        Assert.Equal("RegistryLoginFailed", refused.Code);

        engine.Registries.Change(registry.Name, new RegistryChange { Blocked = true });
        var blocked = await Assert.ThrowsAsync<RegistryException>(() => engine.Registries.ConnectAsync(
            new RegistryLoginRequest { Registry = registry.Name, Credential = new NetworkCredential("me", "s3cret") }, Token));
        Assert.Equal("RegistryBlocked", blocked.Code);
    }

    private RegistryServer Registry()
    {
        File.WriteAllText(_user.PathOf("htpasswd"), PasswordLine + "\n");
        return new RegistryServer(auth: $"auth:\n  htpasswd:\n    realm: test\n    path: {_user.PathOf("htpasswd")}\n");
    }
}
