using System.Net;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Logins in vaults of a PowerShell session.</summary>
public sealed class VaultLoginTests : IDisposable
{
    private readonly LoginFixture _user = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task A_vault_keeps_the_login_and_every_file_forgets_it()
    {
        var vaults = Offer();
        await _user.ConnectAsync("one.example", "old", "plain");

        var login = await _user.ConnectAsync("one.example", "me", "hunter2", "Work");

        Assert.Equal(("me", "vault Work"), (login.UserName, login.CredentialStore));
        Assert.Equal("me hunter2", await _user.FindAsync("one.example"));
        Assert.Equal(["one.example me vault Work"], await _user.ListAsync());
        Assert.Equal(["Work/ContainerRegistry/one.example"], vaults.Kept.Keys);
        Assert.DoesNotContain("one.example", File.ReadAllText(_user.Config), StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(_user.PathOf("root"), "*", SearchOption.AllDirectories), path => Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf("hunter2"u8)));

        await _user.Registries.DisconnectAsync("one.example", Token);
        Assert.Null(await _user.FindAsync("one.example"));
        Assert.Empty(vaults.Kept);
    }

    [Fact]
    public async Task A_login_without_a_vault_takes_the_place_of_one_in_a_vault()
    {
        var vaults = Offer();
        await _user.ConnectAsync("one.example", "me", "exchange", "Work");
        Assert.Equal("token refresh-token", await _user.FindAsync("one.example"));

        await _user.ConnectAsync("one.example", "me", "plain");

        Assert.Equal("me plain", await _user.FindAsync("one.example"));
        Assert.Empty(vaults.Kept);
    }

    [Fact]
    public async Task Nobody_but_a_session_opens_a_vault()
    {
        _ = Offer();
        await _user.ConnectAsync("one.example", "me", "s3cret", "Work");
        SecretVaults.Current = null;

        Assert.Equal("VaultUnavailable", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.FindAsync("one.example"))).Code);
        Assert.Null(await _user.FindAsync("two.example"));
        Assert.Equal(["one.example me vault Work"], await _user.ListAsync());
        Assert.Equal("VaultUnavailable", (await Assert.ThrowsAsync<ContainerToolsException>(() => _user.ConnectAsync("two.example", vault: "Work"))).Code);
        Assert.Null(await _user.FindAsync("two.example"));
    }

    private static FakeVaults Offer()
    {
        var vaults = new FakeVaults();
        SecretVaults.Current = vaults;
        return vaults;
    }

    private sealed class FakeVaults : ISecretVaults
    {
        public Dictionary<string, NetworkCredential> Kept { get; } = [];

        public Task<NetworkCredential> GetAsync(string vault, string name, CancellationToken cancellationToken) => Task.FromResult(Kept[$"{vault}/{name}"]);

        public Task SetAsync(string vault, string name, NetworkCredential credential, CancellationToken cancellationToken)
        {
            Kept[$"{vault}/{name}"] = credential;
            return Task.CompletedTask;
        }

        public Task RemoveAsync(string vault, string name, CancellationToken cancellationToken)
        {
            Kept.Remove($"{vault}/{name}");
            return Task.CompletedTask;
        }
    }
}
