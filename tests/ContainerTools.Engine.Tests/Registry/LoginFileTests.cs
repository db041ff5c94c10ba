namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Logins in the files of Docker and podman.</summary>
public sealed class LoginFileTests : IDisposable
{
    private readonly LoginFixture _user = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task A_login_is_kept_for_its_owner_alone_found_listed_and_forgotten()
    {
        var login = await _user.ConnectAsync("Registry.Example:5000", "me", "pass:word ü");
        Assert.Equal(("registry.example:5000", "me", _user.Config), (login.Registry, login.UserName, login.CredentialStore));
        await _user.ConnectAsync("docker.io");

        Assert.Equal("me pass:word ü", await _user.FindAsync("registry.example:5000"));
        Assert.Equal("me s3cret", await _user.FindAsync("docker.io"));
        Assert.Null(await _user.FindAsync("registry.example"));
        Assert.Equal(["docker.io me config.json", "registry.example:5000 me config.json"], await _user.ListAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_user.Config));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_user.Config)!));
        Assert.Contains("\"https://index.docker.io/v1/\"", File.ReadAllText(_user.Config), StringComparison.Ordinal);

        await _user.Registries.DisconnectAsync("docker.io", Token);
        await _user.Registries.DisconnectAsync("registry.example:5000", Token);
        Assert.Empty(await _user.ListAsync());
        Assert.Equal("RegistryLoginNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.Registries.DisconnectAsync("docker.io", Token))).Code);
        Assert.Equal([Path.GetFileName(_user.Config)], Directory.EnumerateFiles(Path.GetDirectoryName(_user.Config)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_login_that_the_registry_does_not_accept_is_not_kept()
    {
        await _user.ConnectAsync("one.example", "me", "right");

        Assert.Equal("RegistryLoginFailed", (await Assert.ThrowsAsync<RegistryException>(() => _user.ConnectAsync("one.example", "me", "wrong"))).Code);
        Assert.Equal("me right", await _user.FindAsync("one.example"));
    }

    [Fact]
    public async Task An_identity_token_that_the_registry_gives_takes_the_place_of_the_password()
    {
        var login = await _user.ConnectAsync("one.example", "me", "exchange");

        Assert.Equal("me", login.UserName);
        Assert.Equal("token refresh-token", await _user.FindAsync("one.example"));
        Assert.DoesNotContain(Convert.ToBase64String("me:exchange"u8), File.ReadAllText(_user.Config), StringComparison.Ordinal);
        Assert.Equal(["one.example me config.json"], await _user.ListAsync());

        await _user.ConnectAsync("two.example", "<token>", "given-token");
        Assert.Equal("token given-token", await _user.FindAsync("two.example"));
        Assert.Equal("two.example  config.json", (await _user.ListAsync())[1]);
    }

    [Theory]
    [InlineData("", "s3cret")]
    [InlineData("me", "")]
    [InlineData("me:too", "s3cret")]
    public async Task What_is_no_login_is_refused(string user, string secret)
    {
        Assert.Equal("InvalidRegistryCredential", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.ConnectAsync("one.example", user, secret))).Code);
        Assert.Equal("InvalidRegistryName", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.ConnectAsync("https://one.example"))).Code);
        Assert.False(File.Exists(_user.Config));
    }

    [Fact]
    public async Task Everything_else_in_the_file_stays_byte_for_byte()
    {
        const string Before = "{ 'psFormat' : 'table {{.ID}}\\u0041', 'n': 1.50e3,\r\n   'auths': {\r\n      'https://one.example/v1/': {'auth':'b2xkOm9sZA=='},\r\n      'keep.example/team' : { 'auth':  'a2VlcDprZWVw', 'x':[ 1,2 ] }\r\n   },\n\t'plugins': {'a':{}} , 'auths2': null }\n";
        LoginFixture.Write(_user.Config, Before);

        await _user.ConnectAsync("one.example");
        await _user.ConnectAsync("two.example");
        Assert.Equal(
            Before.Replace("      'https://one.example/v1/': {'auth':'b2xkOm9sZA=='},\r\n", "", StringComparison.Ordinal)
                .Replace("[ 1,2 ] }", "[ 1,2 ] },\r\n      'one.example': {'auth':'bWU6czNjcmV0'},\r\n      'two.example': {'auth':'bWU6czNjcmV0'}", StringComparison.Ordinal).Replace('\'', '"'),
            File.ReadAllText(_user.Config));

        await _user.Registries.DisconnectAsync("two.example", Token);
        await _user.Registries.DisconnectAsync("one.example", Token);
        Assert.Equal(Before.Replace("      'https://one.example/v1/': {'auth':'b2xkOm9sZA=='},\r\n", "", StringComparison.Ordinal).Replace('\'', '"'), File.ReadAllText(_user.Config));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{ 'auths': {} }")]
    [InlineData("{ 'auths': null, 'x': 1 }")]
    [InlineData("{ 'x': { 'auths': { 'one.example': {} } } }")]
    [InlineData("{\n\t'auths': {\n\t\t'two.example': {}\n\t}\n}")]
    public async Task A_login_comes_into_files_of_every_form_and_out_again(string before)
    {
        LoginFixture.Write(_user.Config, before);

        await _user.ConnectAsync("one.example");
        Assert.Equal("me s3cret", await _user.FindAsync("one.example"));

        await _user.Registries.DisconnectAsync("one.example", Token);
        Assert.Null(await _user.FindAsync("one.example"));
        Assert.DoesNotContain("bWU6czNjcmV0", File.ReadAllText(_user.Config), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("index.docker.io", "docker.io")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("https://one.example", "one.example")]
    [InlineData("http://one.example:5000/v2/", "one.example:5000")]
    [InlineData("One.Example/v1/", "one.example")]
    [InlineData("one.example/", "one.example")]
    [InlineData("one.example/team/app", null)]
    public async Task Keys_with_scheme_and_path_mean_the_registry_and_podmans_repositories_do_not(string key, string? registry)
    {
        LoginFixture.Write(_user.Config, $"{{ 'auths': {{ '{key}': {{ 'auth': 'bWU6czNjcmV0' }} }} }}");

        Assert.Equal(registry is null ? null : "me s3cret", await _user.FindAsync(registry ?? "one.example"));
        Assert.Equal(registry is null ? [] : [$"{registry} me config.json"], await _user.ListAsync());
    }

    [Fact]
    public async Task Dockers_file_goes_before_podmans_and_one_is_used_where_the_other_has_nothing()
    {
        LoginFixture.Write(_user.Config, "{ 'auths': { 'one.example': { 'auth': 'bWU6czNjcmV0' }, 'marked.example': {} } }");
        LoginFixture.Write(_user.AuthFile, "{ 'auths': { 'one.example': { 'auth': 'eW91Om90aGVy' }, 'marked.example': { 'auth': 'eW91Om90aGVy' }, 'old.example': { 'username': 'you', 'password': 'plain' } } }");

        Assert.Equal(("me s3cret", "you other", "you plain"), (await _user.FindAsync("one.example"), await _user.FindAsync("marked.example"), await _user.FindAsync("old.example")));
        Assert.Equal(["marked.example you auth.json", "old.example you auth.json", "one.example me config.json"], await _user.ListAsync());

        // Out means out: nowhere is a login left that would be used instead.
        await _user.Registries.DisconnectAsync("one.example", Token);
        Assert.Null(await _user.FindAsync("one.example"));
        Assert.DoesNotContain("one.example", File.ReadAllText(_user.AuthFile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ 'auths': { 'one.example': { 'auth': 'hunter2' } } }", "DockerConfigInvalid")]
    [InlineData("{ 'auths': { 'one.example': { 'auth': 'aHVudGVyMg==' } } }", "DockerConfigInvalid")]
    [InlineData("{ 'auths': { 'one.example': 'hunter2' } }", "DockerConfigInvalid")]
    [InlineData("{ 'auths': [ 'hunter2' ] }", "DockerConfigInvalid")]
    [InlineData("hunter2", "DockerConfigInvalid")]
    [InlineData("{ 'auths': { 'one.example': { 'registrytoken': 'hunter2' } } }", "RegistryTokenNotSupported")]
    public async Task A_file_that_cannot_be_understood_is_an_error_that_does_not_repeat_it_and_stays(string text, string code)
    {
        LoginFixture.Write(_user.Config, text);

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => _user.FindAsync("one.example"));

        Assert.Equal(code, error.Code);
        Assert.Contains(_user.Config, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error + error.RecommendedAction + error.Target, StringComparison.Ordinal);
        Assert.Equal(text.Replace('\'', '"'), File.ReadAllText(_user.Config));
    }

    [Fact]
    public async Task Many_at_once_lose_no_login_and_leave_no_file_behind()
    {
        LoginFixture.Write(_user.Config, "{ 'x': 1 }");

        // Each has an open file description of its own, as processes have.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => _user.ConnectAsync($"r{number}.example", "me", $"secret-{number}"))));

        Assert.Equal(40, (await _user.ListAsync()).Count);
        Assert.Equal("me secret-17", await _user.FindAsync("r17.example"));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_user.Config)!));
    }

    [Fact]
    public async Task A_file_behind_a_symbolic_link_is_changed_where_it_lies_and_keeps_its_owner()
    {
        LoginFixture.Write(_user.PathOf("dotfiles/docker.json"), "{}");
        LoginFixture.Run("chown", "", "1234:1235", _user.PathOf("dotfiles/docker.json"));
        Directory.CreateDirectory(Path.GetDirectoryName(_user.Config)!);
        File.CreateSymbolicLink(_user.Config, _user.PathOf("dotfiles/docker.json"));

        await _user.ConnectAsync("one.example");

        Assert.Equal(_user.PathOf("dotfiles/docker.json"), File.ResolveLinkTarget(_user.Config, returnFinalTarget: true)!.FullName);
        Assert.Contains("one.example", File.ReadAllText(_user.PathOf("dotfiles/docker.json")), StringComparison.Ordinal);
        Assert.Equal((0, "1234:1235 600"), LoginFixture.Run("stat", "", "-c", "%u:%g %a", _user.PathOf("dotfiles/docker.json")));
    }
}
