using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Registry.Credentials;
using ContainerTools.Engine.Registry.Settings;
using ContainerTools.Engine.Tests.Storage;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>What is set of registries, and what the client is told of it.</summary>
public sealed class RegistrySettingsTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly RegistrySettingsStore _settings;
    private readonly RegistryOperations _registries;

    public RegistrySettingsTests()
    {
        _settings = new RegistrySettingsStore(_store.Catalog, new HostCertificates(_store.PathOf("certs.d")));
        _registries = new RegistryOperations(_settings, new RegistryCredentialStore(() => new CredentialLocations { Files = [], SearchPath = "" }, new VaultBindings(_store.Catalog)), new FakeLogin());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Settings_add_up_are_there_for_another_process_and_go_when_they_are_undone()
    {
        CertificateFiles.Write(_store.PathOf("ca.pem"));
        CertificateFiles.Write(_store.PathOf("client.pem"), _store.PathOf("client.key"));
        _registries.Change("Registry.Example:5000", new RegistryChange { Mirror = ["https://m.example/hub/", "http://n.example:5000"], Blocked = true });
        _registries.Change("registry.example:5000", new RegistryChange
        {
            AllowUnencrypted = true,
            Blocked = false,
            CertificatePath = _store.PathOf("ca.pem"),
            ClientCertificatePath = _store.PathOf("client.pem"),
            ClientKeyPath = _store.PathOf("client.key"),
        });

        var found = new RegistrySettingsStore(_store.Catalog, new HostCertificates("/nowhere")).Find("registry.example:5000");
        Assert.Equal(["https://m.example/hub", "http://n.example:5000"], found.Mirrors);
        Assert.Equal((_store.PathOf("ca.pem"), _store.PathOf("client.pem"), _store.PathOf("client.key")), (found.AuthorityPath, found.ClientCertificatePath, found.ClientKeyPath));
        Assert.Equal((false, true, false), (found.Blocked, found.AllowUnencrypted, found.SkipCertificateCheck));

        var listed = await _registries.ListAsync(Token);
        Assert.Equal(["docker.io", "registry.example:5000"], listed.Select(registry => registry.Name));
        Assert.Equal([(1, false), (null, true)], listed.Select(registry => (registry.SearchPosition, registry.Configured)));
        Assert.Equal(found.Mirrors, listed[1].Mirror);

        _registries.Change("registry.example:5000", new RegistryChange { Mirror = [], AllowUnencrypted = false, CertificatePath = "", ClientCertificatePath = "" });
        Assert.Equal(["docker.io"], (await _registries.ListAsync(Token)).Select(registry => registry.Name));
        Assert.Null(_settings.Find("registry.example:5000").ClientKeyPath);
    }

    [Fact]
    public async Task The_search_order_is_kept_and_goes_back_to_Docker_Hub()
    {
        _registries.SetSearchOrder(["Quay.io", "index.docker.io"]);
        Assert.Equal(["quay.io", "docker.io"], _settings.SearchOrder);
        Assert.Equal((2, false), ((await _registries.GetAsync("docker.io", Token)).SearchPosition, (await _registries.GetAsync("docker.io", Token)).Configured));

        _registries.SetSearchOrder([]);
        Assert.Equal(["docker.io"], _settings.SearchOrder);
        Assert.Null((await _registries.GetAsync("quay.io", Token)).SearchPosition);
    }

    [Fact]
    public void What_is_forgotten_is_as_if_never_set()
    {
        _registries.Change("one.example", new RegistryChange { SkipCertificateCheck = true });
        Assert.True(_settings.Find("one.example").SkipCertificateCheck);

        _registries.Remove("one.example");

        Assert.False(_settings.Find("one.example").SkipCertificateCheck);
        Assert.Equal("RegistryNotFound", Code(() => _registries.Remove("one.example")));
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("https://registry.example")]
    [InlineData("registry.example/path")]
    [InlineData("registry.example:0")]
    [InlineData("registry.example:70000")]
    [InlineData("-x.example")]
    [InlineData("../etc.example")]
    [InlineData("")]
    public void What_is_no_registry_is_refused(string name)
    {
        Assert.Equal("InvalidRegistryName", Code(() => _registries.Change(name, new RegistryChange { Blocked = true })));
        Assert.Equal("InvalidRegistryName", Code(() => _registries.SetSearchOrder([name])));
    }

    [Theory]
    [InlineData("mirror.example")]
    [InlineData("ftp://mirror.example")]
    [InlineData("https://user:hunter2@mirror.example")]
    [InlineData("https://user:hunter2@")]
    [InlineData("https://mirror.example?x=1")]
    [InlineData("https://mirror.example/#x")]
    public void What_is_no_mirror_is_refused(string mirror)
    {
        var error = Assert.Throws<ContainerToolsException>(() => _registries.Change("docker.io", new RegistryChange { Mirror = ["https://good.example", mirror] }));

        Assert.Equal("InvalidRegistrySetting", error.Code);
        Assert.DoesNotContain("hunter2", error + error.RecommendedAction + error.Target, StringComparison.Ordinal);
        Assert.Empty(_settings.List());
    }

    [Fact]
    public void Files_that_hold_no_certificates_are_refused()
    {
        File.WriteAllText(_store.PathOf("empty.pem"), "no certificate");
        CertificateFiles.Write(_store.PathOf("one.pem"), _store.PathOf("one.key"));
        CertificateFiles.Write(_store.PathOf("two.pem"), _store.PathOf("two.key"));
        CertificateFiles.WritePkcs12(_store.PathOf("both.p12"));
        Directory.CreateDirectory(_store.PathOf("certs.d"));

        RegistryChange[] refused =
        [
            new() { CertificatePath = "ca.pem" },
            new() { CertificatePath = _store.PathOf("missing.pem") },
            new() { CertificatePath = _store.PathOf("empty.pem") },
            new() { CertificatePath = _store.PathOf("certs.d") },
            new() { ClientCertificatePath = _store.PathOf("empty.pem") },
            new() { ClientCertificatePath = _store.PathOf("one.pem") },
            new() { ClientCertificatePath = _store.PathOf("one.pem"), ClientKeyPath = _store.PathOf("two.key") },
            new() { ClientKeyPath = _store.PathOf("one.key") },
        ];
        Assert.All(refused, change => Assert.Equal("InvalidRegistrySetting", Code(() => _registries.Change("one.example", change))));
        Assert.Empty(_settings.List());

        _registries.Change("one.example", new RegistryChange { ClientCertificatePath = _store.PathOf("both.p12") });
        Assert.Equal(_store.PathOf("both.p12"), _settings.Find("one.example").ClientCertificatePath);
    }

    [Fact]
    public void The_search_order_names_none_twice() => Assert.Equal("InvalidRegistrySetting", Code(() => _registries.SetSearchOrder(["quay.io", "QUAY.io"])));

    [Fact]
    public void Certificates_of_the_host_are_used_where_the_store_has_none()
    {
        var host = _store.PathOf("certs.d/registry.example:5000");
        CertificateFiles.Write(Path.Combine(host, "b.crt"));
        CertificateFiles.Write(Path.Combine(host, "a.crt"));
        CertificateFiles.Write(Path.Combine(host, "client.cert"), Path.Combine(host, "client.key"));
        CertificateFiles.Write(_store.PathOf("own.pem"));

        var found = _settings.Find("registry.example:5000");
        Assert.Equal((host, Path.Combine(host, "client.cert"), Path.Combine(host, "client.key")), (found.AuthorityPath, found.ClientCertificatePath, found.ClientKeyPath));
        Assert.Null(_settings.Find("registry.example").AuthorityPath);

        _registries.Change("registry.example:5000", new RegistryChange { CertificatePath = _store.PathOf("own.pem") });
        Assert.Equal(_store.PathOf("own.pem"), _settings.Find("registry.example:5000").AuthorityPath);
        Assert.NotNull(_settings.Find("registry.example:5000").ClientCertificatePath);
    }

    [Theory]
    [InlineData("client.cert")]
    [InlineData("client.key")]
    [InlineData("a.cert", "a.key", "b.cert", "b.key")]
    public void Certificates_of_the_host_that_do_not_go_together_are_refused(params string[] files)
    {
        var host = Directory.CreateDirectory(_store.PathOf("certs.d/registry.example")).FullName;
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(host, file), "");
        }

        Assert.Equal("HostCertificatesInvalid", Code(() => _settings.Find("registry.example")));
    }

    private static string Code(Action action) => Assert.Throws<ContainerToolsException>(action).Code;
}
