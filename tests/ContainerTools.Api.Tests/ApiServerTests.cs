using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace ContainerTools.Api.Tests;

public sealed partial class ApiServerTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ct-api-").FullName;
    private readonly List<ContainerFilter?> _filters = [];
    private WebApplication? _server;
    private HttpClient? _client;

    private string SocketPath => Path.Combine(_directory, "docker.sock");

    private HttpClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _server = ApiServer.Create(Engine(), new ApiOptions { SocketPath = SocketPath });
        await _server.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://docker/") };
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Ping_answers_ok_and_names_the_api_version()
    {
        using var response = await Client.GetAsync(new Uri("_ping", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("OK", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("1.47", response.Headers.GetValues("Api-Version").Single());
    }

    [Theory]
    [InlineData("version")]
    [InlineData("v1.41/version")]
    [InlineData("v1.24/version")]
    public async Task Version_is_the_same_with_and_without_a_version_prefix(string path)
    {
        var (status, body) = await Get(path);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("0.1.0", body.GetProperty("Version").GetString());
        Assert.Equal("1.47", body.GetProperty("ApiVersion").GetString());
    }

    [Theory]
    [InlineData("v1.99/version", "too new")]
    [InlineData("v1.12/version", "too old")]
    public async Task A_version_that_is_not_served_is_refused(string path, string reason)
    {
        var (status, body) = await Get(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_counts_containers_and_images()
    {
        var (_, body) = await Get("v1.43/info");
        Assert.Equal(2, body.GetProperty("Containers").GetInt32());
        Assert.Equal(1, body.GetProperty("ContainersRunning").GetInt32());
        Assert.Equal("2", body.GetProperty("CgroupVersion").GetString());
    }

    [Fact]
    public async Task The_container_list_has_only_what_runs_unless_all_is_asked()
    {
        var (_, running) = await Get("v1.43/containers/json");
        var row = Assert.Single(running.EnumerateArray());
        Assert.Equal("/web", row.GetProperty("Names")[0].GetString());
        Assert.Equal("running", row.GetProperty("State").GetString());
        Assert.StartsWith("Up 5 minutes", row.GetProperty("Status").GetString(), StringComparison.Ordinal);
        Assert.Equal("sleep 100", row.GetProperty("Command").GetString());

        var (_, all) = await Get("v1.43/containers/json?all=1");
        Assert.Equal(2, all.GetArrayLength());
        Assert.StartsWith("Exited (7)", all[1].GetProperty("Status").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"status\":[\"exited\"],\"label\":[\"tier=web\"]}")]
    [InlineData("{\"status\":{\"exited\":true},\"label\":{\"tier=web\":true}}")]
    public async Task Filters_reach_the_engine_in_both_of_their_forms(string filters)
    {
        var (status, _) = await Get("containers/json?filters=" + Uri.EscapeDataString(filters));
        Assert.Equal(HttpStatusCode.OK, status);
        var filter = Assert.Single(_filters)!;
        Assert.Equal([ContainerState.Exited], filter.States);
        Assert.Equal("web", filter.Labels["tier"]);
    }

    [Theory]
    [InlineData("{\"colour\":[\"red\"]}")]
    [InlineData("{\"status\":[\"sleepy\"]}")]
    [InlineData("{\"status\":[\"1\"]}")]
    [InlineData("not json")]
    [InlineData("[1]")]
    public async Task A_filter_that_is_not_understood_is_refused_rather_than_ignored(string filters)
    {
        var (status, body) = await Get("containers/json?filters=" + Uri.EscapeDataString(filters));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False(string.IsNullOrEmpty(body.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Inspecting_a_container_passes_the_engines_json_through()
    {
        var (_, body) = await Get("containers/web/json");
        Assert.Equal("web", body.GetProperty("Asked").GetString());
    }

    [Fact]
    public async Task An_engine_error_becomes_a_status_and_a_message()
    {
        var (status, body) = await Get("containers/missing/json");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("No container is named 'missing'.", body.GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_image_name_may_contain_slashes()
    {
        var (_, body) = await Get("v1.43/images/127.0.0.1:5000/shop/web:1.2/json");
        Assert.Equal("127.0.0.1:5000/shop/web:1.2", body.GetProperty("Asked").GetString());
    }

    [Fact]
    public async Task The_image_list_has_tags_and_digests()
    {
        var (_, body) = await Get("images/json");
        var row = Assert.Single(body.EnumerateArray());
        Assert.Equal("localhost:5000/shop/web:1.2", row.GetProperty("RepoTags")[0].GetString());
        Assert.Equal("localhost:5000/shop/web@sha256:bb", row.GetProperty("RepoDigests")[0].GetString());
        Assert.Equal(1234, row.GetProperty("Size").GetInt64());
    }

    [Theory]
    [InlineData("GET", "swarm")]
    [InlineData("POST", "v1.43/containers/create")]
    [InlineData("POST", "containers/json")]
    [InlineData("DELETE", "images/base")]
    [InlineData("GET", "images/base/history")]
    [InlineData("GET", "files/a.tar")]
    public async Task What_is_not_done_is_answered_with_501_and_a_message(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("not implemented", body.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_owner_may_connect() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));

    private async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (response.StatusCode, document.RootElement.Clone());
    }

    private IContainerEngine Engine()
    {
        Container[] containers = [Container("web", ContainerState.Running), Container("job", ContainerState.Exited)];
        var containerOperations = FakeEngine.Of<IContainerOperations>(
            (nameof(IContainerOperations.List), arguments =>
            {
                var filter = (ContainerFilter?)arguments[0];
                _filters.Add(filter);
                return containers.Where(container => filter!.States.Count == 0 || filter.States.Contains(container.State)).ToList();
            }),
            (nameof(IContainerOperations.GetRaw), arguments => (string)arguments[0]! == "missing"
                ? throw new ContainerToolsException(ErrorKind.NotFound, "ContainerNotFound", "No container is named 'missing'.", "missing")
                : $$"""{"Asked":"{{arguments[0]}}"}"""));
        var imageOperations = FakeEngine.Of<IImageOperations>(
            (nameof(IImageOperations.List), _ => new List<Image> { SomeImage() }),
            (nameof(IImageOperations.GetRaw), arguments => $$"""{"Asked":"{{arguments[0]}}"}"""));
        var networkOperations = FakeEngine.Of<INetworkOperations>(
            (nameof(INetworkOperations.List), _ => new List<ContainerNetwork> { Shop(), Lan() }),
            (nameof(INetworkOperations.Get), arguments => (string)arguments[0]! == "shop"
                ? Shop()
                : throw new ContainerToolsException(ErrorKind.NotFound, "NetworkNotFound", $"No network is named '{arguments[0]}'.", arguments[0])));
        return FakeEngine.Of<IContainerEngine>(
            ("get_Containers", _ => containerOperations),
            ("get_Networks", _ => networkOperations),
            ("get_Images", _ => imageOperations),
            (nameof(IContainerEngine.GetInfo), _ => new EngineInfo
            {
                Version = "0.1.0", Root = "/data", Run = "/run", RuntimePath = "/ctrun", KernelVersion = "6.1", OperatingSystem = "Debian",
                Architecture = "amd64", CgroupVersion = "v2", Containers = 2, Running = 1, Images = 1,
            }));
    }

    private static Container Container(string name, ContainerState state) => new()
    {
        Id = new string(name[0], 64),
        Name = name,
        Image = "base:latest",
        ImageId = "sha256:aa",
        State = state,
        Command = ["sleep", "100"],
        ExitCode = state == ContainerState.Exited ? 7 : null,
        Created = DateTimeOffset.UtcNow.AddMinutes(-6),
        Started = DateTimeOffset.UtcNow.AddMinutes(-5).AddSeconds(-5),
        Finished = state == ContainerState.Exited ? DateTimeOffset.UtcNow : null,
        Labels = new Dictionary<string, string>(),
        Network = ["shop"],
        Endpoint = [Endpoint(name, state == ContainerState.Running)],
        Port = [new PortMapping { HostAddress = "127.0.0.1", HostPort = 8080, ContainerPort = 80 }, new PortMapping { HostPort = 5000, ContainerPort = 53, Count = 2, Protocol = PortProtocol.Udp }],
        Spec = new ContainerSpec { Image = "base" },
    };

    private static Image SomeImage() => new()
    {
        Id = "sha256:aa",
        Name = "localhost:5000/shop/web:1.2",
        Tags = ["localhost:5000/shop/web:1.2"],
        Digest = "sha256:bb",
        RepositoryDigests = ["localhost:5000/shop/web@sha256:bb"],
        Size = 1234,
        Labels = new Dictionary<string, string>(),
        Annotations = new Dictionary<string, string>(),
        Layers = [],
        Config = new ImageConfiguration(),
    };
}
