using System.Net;
using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Certificates of registries and of clients.</summary>
public sealed class EncryptedRegistryTests : IDisposable
{
    private const string Host = "registry.example";
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_when_the_settings_name_it()
    {
        using var pull = New();
        Assert.Single((await PullAsync(pull, new RegistrySettings { Name = Host, AuthorityPath = _authority.Path })).Images);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(bool plainAllowed)
    {
        using var pull = New();

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(pull, new RegistrySettings { Name = Host, AllowUnencrypted = plainAllowed }));

        Assert.Equal("RegistryCertificateRejected", error.Code);
        Assert.Contains("Set-ContainerRegistry", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(pull.Server.Requests);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        using var pull = New("other.example");

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(pull, new RegistrySettings { Name = Host, AuthorityPath = _authority.Path }));

        Assert.Equal("RegistryCertificateRejected", error.Code);
    }

    [Fact]
    public async Task Any_certificate_is_taken_where_the_user_says_so()
    {
        using var pull = New("other.example");
        Assert.Single((await PullAsync(pull, new RegistrySettings { Name = Host, SkipCertificateCheck = true })).Images);
    }

    [Fact]
    public async Task A_registry_that_asks_for_a_certificate_gets_that_of_the_settings()
    {
        using var certificate = _authority.Issue("client");
        File.WriteAllText(_authority.PathOf("client.cert"), certificate.ExportCertificatePem());
        File.WriteAllText(_authority.PathOf("client.key"), System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!.ExportPkcs8PrivateKeyPem());
        using var pull = New(Host, asksForCertificate: true);
        var settings = new RegistrySettings { Name = Host, AuthorityPath = _authority.Path };

        await Assert.ThrowsAsync<RegistryException>(() => PullAsync(pull, settings));
        Assert.Single((await PullAsync(pull, settings with { ClientCertificatePath = _authority.PathOf("client.cert"), ClientKeyPath = _authority.PathOf("client.key") })).Images);

        Assert.Equal(["CN=client"], pull.Server.ClientCertificates.Distinct());
    }

    private HostilePull New(string name = Host, bool asksForCertificate = false)
    {
        var pull = new HostilePull(certificate: _authority.Issue(name), asksForCertificate: asksForCertificate);
        pull.Proxy = new WebProxy($"http://127.0.0.1:{pull.Server.Port}");
        return pull;
    }

    private static Task<ImagePullResult> PullAsync(HostilePull pull, RegistrySettings settings)
    {
        pull.Store.RegistrySetup.Settings[Host] = settings;
        return pull.PullAsync($"{Host}/some/image:1");
    }
}
