using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Who may connect to whom. Each test has a host of its own: policies without a network are about all containers of a store.</summary>
public sealed class NetworkPolicyTests : IAsyncLifetime
{
    private readonly NetworkFixture host = new();

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task By_default_denied_a_container_takes_only_what_a_policy_allows_and_it_holds_for_those_that_come_later()
    {
        host.Networks.Create(new NetworkSpec { Name = "shop" });
        var db = await host.StartAsync("db", Labelled("db"), NetworkFixture.Serve(5432, "data"));
        await host.StartAsync("web", Labelled("web"));
        await host.StartAsync("other", Labelled("other"));
        Assert.True(await ReachesAsync("other", db.IPAddress!));

        host.Networks.AddPolicy(new NetworkPolicy { Name = "db.closed", Action = PolicyAction.DefaultDeny, To = App("db") });
        host.Networks.AddPolicy(new NetworkPolicy { Name = "web-to-db", Action = PolicyAction.Allow, From = App("web"), To = App("db"), Port = ["5432/tcp"] });

        Assert.True(await ReachesAsync("web", db.IPAddress!));
        Assert.True(await ReachesAsync("web", $"[{db.Endpoint[0].IPv6Address}]"));
        Assert.False(await ReachesAsync("other", db.IPAddress!));
        Assert.False(await ReachesAsync("other", $"[{db.Endpoint[0].IPv6Address}]"));
        Assert.NotEqual(0, (await host.ExecAsync("web", $"busybox ping -c 1 -W 1 {db.IPAddress}")).Code);
        Assert.Equal(0, (await host.ExecAsync("db", $"busybox ping -c 1 -W 2 {host.Containers.Get("web").IPAddress}")).Code);

        await host.StartAsync("web-2", Labelled("web"));
        await host.StartAsync("other-2", Labelled("other"));
        Assert.True(await ReachesAsync("web-2", db.IPAddress!));
        Assert.False(await ReachesAsync("other-2", db.IPAddress!));
        var again = await host.Containers.RestartAsync("db", TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.True(await ReachesAsync("web", again.IPAddress!));
        Assert.False(await ReachesAsync("other", again.IPAddress!));

        host.Networks.RemovePolicy("db.closed");
        Assert.True(await ReachesAsync("other", db.IPAddress!));
        host.Networks.RemovePolicy("web-to-db");
        Assert.True(await ReachesAsync("other", db.IPAddress!));
        Assert.Equal(0, (await host.ExecAsync("other", $"busybox ping -c 1 -W 2 {db.IPAddress}")).Code);
        Assert.Empty(host.Networks.ListPolicies());
    }

    [Fact]
    public async Task Deny_goes_before_allow_and_an_allow_opens_the_way_between_networks()
    {
        host.Networks.Create(new NetworkSpec { Name = "shop" });
        host.Networks.Create(new NetworkSpec { Name = "store" });
        var db = await host.StartAsync("db", Labelled("db", "store"), NetworkFixture.Serve(5432, "data"));
        await host.StartAsync("web", Labelled("web"));
        Assert.False(await ReachesAsync("web", db.IPAddress!));

        host.Networks.AddPolicy(new NetworkPolicy { Name = "across", Action = PolicyAction.Allow, From = App("web"), To = App("db") with { Network = "store" }, Port = ["5432"] });
        Assert.True(await ReachesAsync("web", db.IPAddress!));

        host.Networks.AddPolicy(new NetworkPolicy { Name = "never", Action = PolicyAction.Deny, From = App("web"), To = App("db") });
        Assert.False(await ReachesAsync("web", db.IPAddress!));

        // After a flush all of it is there again.
        host.Networks.RemovePolicy("never");
        host.Tool("nft", "flush", "ruleset");
        host.Networks.Repair(apply: true);
        Assert.True(await ReachesAsync("web", db.IPAddress!));
        await host.Containers.RemoveAsync("web", force: true, TestContext.Current.CancellationToken);
        await host.StartAsync("web", Labelled("other"));
        Assert.False(await ReachesAsync("web", db.IPAddress!));
    }

    [Fact]
    public void A_policy_that_cannot_be_is_refused()
    {
        Assert.Equal("InvalidPolicy", Code(() => host.Networks.AddPolicy(new NetworkPolicy { Name = "-x" })));
        Assert.Equal("InvalidPolicy", Code(() => host.Networks.AddPolicy(new NetworkPolicy { Name = "px", Port = ["80/icmp"] })));
        Assert.Equal("InvalidPolicy", Code(() => host.Networks.AddPolicy(new NetworkPolicy { Name = "px", Action = PolicyAction.DefaultDeny, Port = ["80"] })));
        Assert.Equal("NetworkNotFound", Code(() => host.Networks.AddPolicy(new NetworkPolicy { Name = "px", To = new PolicySelector { Network = "nowhere" } })));
        Assert.Equal("PolicyNotFound", Code(() => host.Networks.RemovePolicy("px")));
        Assert.Empty(host.Networks.ListPolicies());
    }

    private static PolicySelector App(string name) => new() { Labels = new Dictionary<string, string?> { ["app"] = name } };

    private static Func<ContainerSpec, ContainerSpec> Labelled(string app, string network = "shop") => spec => On(network)(spec) with { Labels = new Dictionary<string, string> { ["app"] = app } };

    private async Task<bool> ReachesAsync(string from, string address)
    {
        var tcp = address.StartsWith('[') ? "TCP6" : "TCP4";
        return (await host.ExecAsync(from, $"for i in 1 2 3 4 5 6; do socat -u {tcp}:{address}:5432,connect-timeout=1 - && exit 0; case $i in 1|2) busybox sleep 0.1;; *) exit 1;; esac; done")).Output.StartsWith("data", StringComparison.Ordinal);
    }
}
