using System.Diagnostics;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Registry.Credentials;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Logins that programs keep.</summary>
public sealed class CredentialHelperTests : IDisposable
{
    private readonly LoginFixture _user = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task A_helper_keeps_the_login_and_the_file_only_marks_it()
    {
        _user.KeepingHelper("mine");
        LoginFixture.Write(_user.Config, "{ 'credsStore': 'mine', 'auths': { 'one.example': { 'auth': 'b2xkOm9sZA==' } } }");

        var login = await _user.ConnectAsync("one.example", "me", "hunter2");
        await _user.ConnectAsync("docker.io", "hub", "exchange");

        Assert.Equal("docker-credential-mine", login.CredentialStore);
        Assert.Equal("{ \"credsStore\": \"mine\", \"auths\": { \"one.example\": {}, \"https://index.docker.io/v1/\": {} } }", File.ReadAllText(_user.Config));
        Assert.Equal(("me hunter2", "token refresh-token"), (await _user.FindAsync("one.example"), await _user.FindAsync("docker.io")));
        Assert.Equal(["docker.io  docker-credential-mine", "one.example me docker-credential-mine"], await _user.ListAsync());
        Assert.Null(await _user.FindAsync("two.example"));

        await _user.Registries.DisconnectAsync("one.example", Token);
        Assert.Null(await _user.FindAsync("one.example"));
        Assert.Equal(["docker.io  docker-credential-mine"], await _user.ListAsync());
        Assert.Equal("RegistryLoginNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.Registries.DisconnectAsync("one.example", Token))).Code);

        // What others see of a process is its arguments.
        Assert.DoesNotContain("hunter2", File.ReadAllText(_user.PathOf("kept-mine.calls")), StringComparison.Ordinal);
        Assert.Contains("1 store", File.ReadAllText(_user.PathOf("kept-mine.calls")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_of_one_registry_goes_before_that_of_all_and_an_empty_name_means_the_file()
    {
        _user.KeepingHelper("all");
        _user.KeepingHelper("own");
        LoginFixture.Write(_user.Config, "{ 'credsStore': 'all', 'credHelpers': { 'https://one.example/v2/': 'own', 'plain.example': '' } }");

        Assert.Equal("docker-credential-own", (await _user.ConnectAsync("one.example")).CredentialStore);
        Assert.Equal("docker-credential-all", (await _user.ConnectAsync("two.example")).CredentialStore);
        Assert.Equal(_user.Config, (await _user.ConnectAsync("plain.example")).CredentialStore);
        Assert.Equal(["one.example me docker-credential-own", "plain.example me config.json", "two.example me docker-credential-all"], await _user.ListAsync());
    }

    [Fact]
    public async Task What_the_helper_has_not_is_looked_for_in_the_file()
    {
        _user.Helper("none", "echo 'credentials not found in native keychain'; exit 1");
        LoginFixture.Write(_user.Config, "{ 'credsStore': 'none', 'auths': { 'one.example': { 'auth': 'bWU6czNjcmV0' } } }");

        Assert.Equal("me s3cret", await _user.FindAsync("one.example"));
        Assert.Null(await _user.FindAsync("two.example"));
    }

    [Theory]
    [InlineData("missing", "", "not in PATH")]
    [InlineData("../bin/docker-credential-x", "", "slash")]
    [InlineData("bad", "echo 'pass: gpg failed' >&2; exit 2", "exit code 2: pass: gpg failed")]
    [InlineData("bad", "echo hunter2", "not JSON")]
    [InlineData("bad", "echo '{\"Username\":\"me\",\"hunter2\":1}'", "no user or no secret")]
    [InlineData("bad", "echo '[\"hunter2\"]'", "not JSON")]
    public async Task A_helper_that_fails_is_named_with_the_file_that_names_it(string name, string script, string what)
    {
        if (script.Length > 0)
        {
            _user.Helper(name, script);
        }

        LoginFixture.Write(_user.Config, $"{{ 'credsStore': '{name}' }}");

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _user.FindAsync("one.example"));

        Assert.Equal("CredentialHelperFailed", error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(_user.Config, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(await _user.ListAsync());
    }

    [Fact]
    public async Task A_helper_that_cannot_keep_a_login_does_not_give_it_away_and_no_mark_is_left()
    {
        _user.Helper("echo", "echo \"cannot keep $(cat)\"; exit 1");
        LoginFixture.Write(_user.Config, "{ 'credsStore': 'echo' }");

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _user.ConnectAsync("one.example", "me", "hunter2"));

        Assert.Equal("CredentialHelperFailed", error.Code);
        Assert.DoesNotContain("hunter2", error + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("{ \"credsStore\": \"echo\" }", File.ReadAllText(_user.Config));
    }

    [Fact]
    public async Task A_helper_that_gives_no_answer_is_ended_with_all_that_it_started()
    {
        _user.Helper("slow", $"echo $$ > {_user.PathOf("pid")}; sleep 1000 & wait");
        var helper = new CredentialHelper("slow", "config.json", $"{_user.PathOf("bin")}:/usr/bin:/bin", TimeSpan.FromMilliseconds(500));

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => helper.GetAsync("one.example", Token));

        Assert.Equal((ErrorKind.Timeout, "CredentialHelperFailed"), (error.Kind, error.Code));
        var pid = File.ReadAllText(_user.PathOf("pid")).Trim();
        for (var end = Stopwatch.GetTimestamp(); Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);)
        {
            Assert.True(Stopwatch.GetElapsedTime(end) < TimeSpan.FromSeconds(10));
            await Task.Delay(10, Token);
        }
    }

    [Fact]
    public async Task A_helper_is_ended_when_its_caller_gives_up()
    {
        _user.Helper("slow", "exec sleep 1000");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CredentialHelper("slow", "config.json", $"{_user.PathOf("bin")}:/usr/bin:/bin").GetAsync("one.example", stop.Token));
    }

    [Fact]
    public void Nothing_that_holds_a_secret_shows_it_as_text()
    {
        object[] holders =
        [
            new RegistryCredential("me", "hunter2"),
            new RegistryCredential("", "hunter2", IsIdentityToken: true),
            DockerAuth.Of(new RegistryCredential("me", "hunter2", IsIdentityToken: true)),
            new HelperCredential { UserName = "me", Secret = "hunter2" },
            new RegistryLoginRequest { Registry = "one.example", Credential = new System.Net.NetworkCredential("me", "hunter2") },
        ];

        Assert.All(holders, holder => Assert.DoesNotContain("hunter2", holder.ToString(), StringComparison.Ordinal));
    }
}
