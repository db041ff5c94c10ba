namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Many containers on one network.</summary>
public class NetworkStressTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task Fifty_started_at_once_have_fifty_addresses_and_all_answer()
    {
        var containers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => host.StartAsync($"at-once-{number}"))));
        Assert.Equal(50, containers.Select(container => container.IPAddress).Distinct().Count());
        Assert.Equal(50, containers.Select(container => container.Endpoint[0].IPv6Address).Distinct().Count());
        var line = string.Join(" && ", containers.Select(container => $"busybox ping -c 1 -W 2 {container.IPAddress}"));
        var (code, output) = await host.ExecAsync("at-once-0", line);
        Assert.True(code == 0, output);
        await Task.WhenAll(containers.Select(container => Task.Run(() => host.Containers.RemoveAsync(container.Id, force: true, TestContext.Current.CancellationToken))));
        Assert.Empty(host.Networks.Get("default").Endpoint);
        Assert.Empty(host.Engine.Repair(apply: false));
    }
}
