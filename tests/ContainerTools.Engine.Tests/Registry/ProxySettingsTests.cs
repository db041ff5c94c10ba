using System.Net;
using ContainerTools.Engine.Registry.Proxies;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Storage;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>The proxy by which registries are reached.</summary>
public sealed class ProxySettingsTests : IDisposable
{
    private static readonly Uri Registry = new("https://registry.example/v2/");

    private readonly TestStore _store = new();
    private readonly ProxySettings _proxy;

    public ProxySettingsTests() => _proxy = new ProxySettings(new StoreSettings(_store.Catalog));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_client_gets_the_proxy_with_its_user_and_nobody_else_does()
    {
        Assert.Null(_proxy.Create());
        _proxy.Change(new EngineChange { Proxy = "http://me:pass%20word@proxy.example:3128", NoProxy = [".lan", "10.0.0.0/8"] });

        var proxy = _proxy.Create()!;
        Assert.Equal(new Uri("http://proxy.example:3128/"), proxy.GetProxy(Registry));
        Assert.Equal(("me", "pass word"), (proxy.Credentials!.GetCredential(Registry, "Basic")!.UserName, proxy.Credentials.GetCredential(Registry, "Basic")!.Password));
        Assert.Equal("http://***@proxy.example:3128", _proxy.Address);
        Assert.Equal([".lan", "10.0.0.0/8"], _proxy.Direct);
        Assert.All(Directory.EnumerateFiles(_store.Paths.Root, "catalog.db*").Where(path => !path.EndsWith(".reserve", StringComparison.Ordinal)), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));

        _proxy.Change(new EngineChange { Proxy = "http://other.example:8080" });
        Assert.Equal(("http://other.example:8080", 2), (_proxy.Address, _proxy.Direct.Count));
        Assert.Null(_proxy.Create()!.Credentials);

        _proxy.Change(new EngineChange { Proxy = "" });
        Assert.Null(_proxy.Address);
        Assert.Empty(_proxy.Direct);
        Assert.Null(_proxy.Create());
    }

    [Theory]
    [InlineData("example.com", "https://example.com/", true)]
    [InlineData("example.com", "https://a.b.example.com:5000/", true)]
    [InlineData("example.com", "https://notexample.com/", false)]
    [InlineData(".example.com", "https://a.example.com/", true)]
    [InlineData(".example.com", "https://example.com/", false)]
    [InlineData("*.example.com", "https://A.Example.com/", true)]
    [InlineData("*.example.com", "https://example.com/", false)]
    [InlineData("example.com:5000", "https://example.com:5000/", true)]
    [InlineData("example.com:5000", "https://example.com/", false)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "https://10.example/", false)]
    [InlineData("10.1.2.3:443", "https://10.1.2.3/", true)]
    [InlineData("fd00::/8", "https://[fd00::1]:5000/", true)]
    [InlineData("[fd00::1]:5000", "https://[fd00::1]:5000/", true)]
    [InlineData("[fd00::1]:5000", "https://[fd00::1]/", false)]
    [InlineData("fd00::1", "https://[fd00::1]/", true)]
    [InlineData("*", "https://example.com/", true)]
    [InlineData("example.com", "http://localhost:5000/", true)]
    [InlineData("example.com", "http://127.0.0.1:5000/", true)]
    public void Some_hosts_are_reached_without_it(string rule, string destination, bool direct)
    {
        _proxy.Change(new EngineChange { Proxy = "http://proxy.example:3128", NoProxy = [rule] });

        Assert.Equal(direct, _proxy.Create()!.IsBypassed(new Uri(destination)));
        Assert.Equal(direct, _proxy.Create()!.GetProxy(new Uri(destination)) is null);
    }

    [Theory]
    [InlineData("proxy.example:3128")]
    [InlineData("http://me:hunter2@proxy.example:3128/path")]
    [InlineData("ftp://me:hunter2@proxy.example")]
    [InlineData("http://me:hunter2@")]
    [InlineData("http://***@proxy.example:3128")]
    public void What_is_no_proxy_is_refused_without_repeating_it(string address)
    {
        var error = Assert.Throws<ContainerToolsException>(() => _proxy.Change(new EngineChange { Proxy = address }));

        Assert.Equal("InvalidEngineSetting", error.Code);
        Assert.DoesNotContain("hunter2", error + error.RecommendedAction + error.Target + new EngineChange { Proxy = address }, StringComparison.Ordinal);
        Assert.Null(_proxy.Address);
    }

    [Theory]
    [InlineData("a.example,b.example")]
    [InlineData("https://a.example")]
    [InlineData("a.example:70000")]
    [InlineData("10.0.0.0/40")]
    [InlineData("a b")]
    [InlineData("")]
    public void What_is_no_host_is_refused(string rule) =>
        Assert.Equal("InvalidEngineSetting", Assert.Throws<ContainerToolsException>(() => _proxy.Change(new EngineChange { Proxy = "http://proxy.example:3128", NoProxy = [rule] })).Code);

    [Fact]
    public void Exceptions_need_a_proxy() =>
        Assert.Equal("InvalidEngineSetting", Assert.Throws<ContainerToolsException>(() => _proxy.Change(new EngineChange { NoProxy = ["a.example"] })).Code);

    [Fact]
    public async Task A_request_goes_by_the_proxy_and_tells_it_who_asks()
    {
        using var server = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        server.Start();
        _proxy.Change(new EngineChange { Proxy = $"http://me:secret@127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}" });
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = _proxy.Create() });

        var request = client.GetAsync(new Uri("http://registry.example/v2/"), TestContext.Current.CancellationToken);
        var head = await AnswerAsync(server, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var authorized = await AnswerAsync(server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("GET http://registry.example/v2/ ", head, StringComparison.Ordinal);
        Assert.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String("me:secret"u8)}", authorized, StringComparison.Ordinal);
        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<string> AnswerAsync(System.Net.Sockets.TcpListener server, string answer)
    {
        using var connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(connection.GetStream());
        var head = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            head.AppendLine(line);
        }

        await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        return head.ToString();
    }
}
