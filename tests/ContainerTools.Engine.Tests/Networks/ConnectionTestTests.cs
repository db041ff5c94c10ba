using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Why one container does not reach another: each cause has its step and its mend.</summary>
public class ConnectionTestTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task What_works_passes_every_step()
    {
        await Pair("works", NetworkFixture.Serve(5432, "db"));
        await NetworkFixture.FetchSoonAsync(host.Host.Namespace, host.Containers.Get("works-db").IPAddress!, 5432);
        var result = await TestAsync("works-web", "works-db", 5432);
        Assert.True(result.Succeeded, result.Reason);
        Assert.Equal(["Name", "Route", "Rule", "Listener"], result.Step.Select(step => step.Name));
        Assert.Equal(host.Containers.Get("works-db").IPAddress, result.Address);
        Assert.True((await TestAsync("works-web", "works-db", null)).Succeeded);
        Assert.True((await TestAsync("works-web", NetworkFixture.NeighbourAddress, null)).Succeeded);
    }

    [Fact]
    public async Task A_port_that_nobody_serves_is_told_from_one_that_is_served_elsewhere()
    {
        await Pair("deaf", "socat", "TCP-LISTEN:6000,bind=127.0.0.1,fork", "EXEC:busybox cat");
        var nobody = await TestAsync("deaf-web", "deaf-db", 6001);
        Assert.Equal(("Listener", false), (nobody.Step[^1].Name, nobody.Step[^1].Passed));
        Assert.Contains("nothing listens on port 6001/tcp", nobody.Reason, StringComparison.OrdinalIgnoreCase);

        ConnectionTestResult local;
        for (var attempt = 0; ; attempt++)
        {
            local = await TestAsync("deaf-web", "deaf-db", 6000);
            if (local.Reason!.Contains("127.0.0.1 only", StringComparison.Ordinal) || attempt > 50)
            {
                break;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Contains("served on 127.0.0.1 only", local.Reason);
        Assert.Equal("Listener", (await TestAsync("deaf-web", "deaf-db", 6000, PortProtocol.Udp)).Step[^1].Name);
    }

    [Fact]
    public async Task Networks_without_a_container_in_common_are_named()
    {
        host.Networks.Create(new NetworkSpec { Name = "far" });
        await host.StartAsync("near-web");
        await host.StartAsync("far-db", On("far"));
        var result = await TestAsync("near-web", "far-db", 5432);
        Assert.Equal("Name", Assert.Single(result.Step).Name);
        Assert.Contains("'far'", result.Reason);
        Assert.Contains("Connect-ContainerNetwork far near-web", result.Reason);
        Assert.Equal("Rule", (await TestAsync("near-web", host.Containers.Get("far-db").IPAddress!, 5432)).Step[^1].Name);
    }

    [Fact]
    public async Task A_network_that_keeps_its_containers_apart_is_the_rule_that_stops_them()
    {
        host.Networks.Create(new NetworkSpec { Name = "apart", Icc = false });
        await host.StartAsync("apart-web", On("apart"));
        await host.StartAsync("apart-db", On("apart"));
        var result = await TestAsync("apart-web", "apart-db", 5432);
        Assert.Equal(("Rule", false), (result.Step[^1].Name, result.Step[^1].Passed));
        Assert.Contains("'apart'", result.Reason);
        Assert.True((await TestAsync("apart-web", NetworkFixture.NeighbourAddress, null)).Succeeded);
    }

    [Fact]
    public async Task Unknown_names_stopped_containers_and_missing_routes_are_told()
    {
        host.Networks.Create(new NetworkSpec { Name = "inner", Internal = true });
        await host.StartAsync("inner-web", On("inner"));
        Assert.Equal("Name", (await TestAsync("inner-web", "nobody", 80)).Step[^1].Name);
        Assert.Equal("Route", (await TestAsync("inner-web", "203.0.113.5", 80)).Step[^1].Name);
        host.Containers.Create(On("inner")(new ContainerSpec { Image = NetworkFixture.Image, Name = "inner-db", Command = ["busybox", "sleep", "9"] }));
        var stopped = await TestAsync("inner-web", "inner-db", 80);
        Assert.Contains("does not run", stopped.Reason);
        Assert.Equal("ContainerNotRunning", (await Assert.ThrowsAsync<ContainerToolsException>(() => TestAsync("inner-db", "inner-web", 80))).Code);
    }

    private async Task Pair(string name, params string[] server)
    {
        await host.StartAsync($"{name}-web");
        await host.StartAsync($"{name}-db", null, server);
    }

    private Task<ConnectionTestResult> TestAsync(string from, string to, int? port, PortProtocol protocol = PortProtocol.Tcp) => host.Networks.TestConnectionAsync(
        new ConnectionTestRequest { Container = from, Target = to, Port = port, Protocol = protocol, Timeout = TimeSpan.FromSeconds(1) }, TestContext.Current.CancellationToken);
}
