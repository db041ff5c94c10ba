using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Tests.Containers;

public class RuntimeConfigBuilderTests
{
    private static readonly ContainerSpec Plain = new() { Image = "i" };

    [Fact]
    public void The_default_is_dockers_isolation()
    {
        var config = Build(Plain);
        Assert.Equal(["cgroup", "ipc", "mount", "network", "pid", "uts"], config.Linux!.Namespaces.Select(item => item.Type).Order());
        Assert.Equal(14, config.Process!.Capabilities!.Bounding.Count);
        Assert.Empty(config.Process.Capabilities.Inheritable);
        Assert.Empty(config.Process.Capabilities.Ambient);
        Assert.True(config.Process.NoNewPrivileges);
        Assert.Equal("SCMP_ACT_ERRNO", config.Linux.Seccomp!.DefaultAction);
        Assert.Contains("/proc/kcore", config.Linux.MaskedPaths);
        Assert.Contains("/proc/interrupts", config.Linux.MaskedPaths);
        Assert.Contains("/proc/sys", config.Linux.ReadonlyPaths);
        Assert.False(config.Linux.Resources!.Devices[0].Allow);
        Assert.Contains(config.Mounts, mount => mount is { Destination: "/sys" } && mount.Options.Contains("ro"));
    }

    [Fact]
    public void Privileged_takes_all_of_it_away()
    {
        var config = Build(Plain with { Privileged = true });
        Assert.Null(config.Linux!.Seccomp);
        Assert.Empty(config.Linux.MaskedPaths);
        Assert.Equal(CapabilityPlan.Available(), config.Process!.Capabilities!.Bounding);
        Assert.True(config.Linux.Resources!.Devices[0].Allow);
        Assert.Contains(config.Linux.Devices, device => device is { Path: "/dev/null", Major: 1, Minor: 3, Type: "c" });
    }

    [Fact]
    public void A_user_other_than_root_starts_without_effective_capabilities()
    {
        var capabilities = Build(Plain, new ContainerUser(1000, 1000, [], "/")).Process!.Capabilities!;
        Assert.Empty(capabilities.Effective);
        Assert.Empty(capabilities.Permitted);
        Assert.Equal(14, capabilities.Bounding.Count);
    }

    [Fact]
    public void Limits_become_resources()
    {
        var resources = Build(Plain with { Memory = 64 << 20, Cpu = 0.5, PidsLimit = 50, CpuSet = "0-1" }).Linux!.Resources!;
        Assert.Equal(64 << 20, resources.Memory!.Limit);
        Assert.Equal(128 << 20, resources.Memory.Swap);
        Assert.Equal((50_000, 100_000ul), (resources.Cpu!.Quota!.Value, resources.Cpu.Period!.Value));
        Assert.Equal("0-1", resources.Cpu.Cpus);
        Assert.Equal(50, resources.Pids!.Limit);
    }

    [Fact]
    public void Capabilities_are_added_and_dropped()
    {
        Assert.Equal(["CAP_NET_ADMIN"], Build(Plain with { CapabilityDrop = ["ALL"], CapabilityAdd = ["net_admin"] }).Process!.Capabilities!.Bounding);
        Assert.DoesNotContain("CAP_NET_RAW", Build(Plain with { CapabilityDrop = ["NET_RAW"] }).Process!.Capabilities!.Bounding);
    }

    [Fact]
    public void A_bind_over_a_system_path_takes_its_place()
    {
        var config = Build(Plain with { Tmpfs = new Dictionary<string, string> { ["/dev/shm"] = "size=1m" } });
        var mount = Assert.Single(config.Mounts, mount => mount.Destination == "/dev/shm");
        Assert.Contains("size=1m", mount.Options);
    }

    [Fact]
    public void Host_network_shares_the_hosts_name_too()
    {
        var config = Build(Plain, network: new ContainerNetworkSetup { IsHost = true });
        Assert.DoesNotContain(config.Linux!.Namespaces, item => item.Type is "network" or "uts");
        Assert.Null(config.Hostname);
    }

    [Fact]
    public void The_same_input_gives_the_same_plan()
    {
        var spec = Plain with { Memory = 64 << 20, Tmpfs = new Dictionary<string, string> { ["/tmp"] = "" } };
        Assert.Equal(Json(Build(spec)), Json(Build(spec)));
    }

    private static string Json(RuntimeConfig config) => System.Text.Json.JsonSerializer.Serialize(config, RuntimeSpecJson.Default.RuntimeConfig);

    private static RuntimeConfig Build(ContainerSpec spec, ContainerUser? user = null, ContainerNetworkSetup? network = null) => RuntimeConfigBuilder.Build(new RuntimeConfigInput
    {
        Id = new string('a', 64),
        RootPath = "/r",
        Spec = spec,
        Command = ["true"],
        Environment = ["A=1"],
        WorkingDirectory = "/",
        User = user ?? new ContainerUser(0, 0, [], "/root"),
        Network = network ?? ContainerNetworkSetup.None,
    });
}
