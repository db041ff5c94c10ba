using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerSpecRulesTests
{
    private static readonly ContainerSpec Good = new() { Image = "i" };

    public static TheoryData<string, ContainerSpec> Broken => new()
    {
        { "InvalidContainerName", Good with { Name = "-x" } },
        { "InvalidContainerName", Good with { Name = "a/b" } },
        { "InvalidMemory", Good with { Memory = 1024 } },
        { "InvalidMemorySwap", Good with { MemorySwap = 1 << 30 } },
        { "InvalidMemorySwap", Good with { Memory = 1 << 30, MemorySwap = 1 << 29 } },
        { "InvalidCpu", Good with { Cpu = 0 } },
        { "InvalidCpu", Good with { Cpu = 10_000 } },
        { "InvalidCpuWeight", Good with { CpuWeight = 0 } },
        { "InvalidCpuSet", Good with { CpuSet = "zero" } },
        { "InvalidPidsLimit", Good with { PidsLimit = 0 } },
        { "InvalidUlimit", Good with { Ulimits = new Dictionary<string, Ulimit> { ["files"] = new(1, 1) } } },
        { "InvalidUlimit", Good with { Ulimits = new Dictionary<string, Ulimit> { ["nofile"] = new(2, 1) } } },
        { "InvalidWorkingDirectory", Good with { WorkingDirectory = "app" } },
        { "InvalidHostName", Good with { HostName = "a_b" } },
        { "InvalidSignal", Good with { StopSignal = "SIGNOTHING" } },
        { "InvalidEnvironment", Good with { Environment = new Dictionary<string, string> { [""] = "x" } } },
        { "InvalidEnvironment", Good with { Environment = new Dictionary<string, string> { ["a=b"] = "x" } } },
        { "InvalidMountDestination", Good with { Tmpfs = new Dictionary<string, string> { ["tmp"] = "" } } },
        { "InvalidMountDestination", Good with { Mounts = [new() { Source = "/etc", Destination = "/" }] } },
        { "InvalidMountDestination", Good with { Mounts = [new() { Source = "/etc", Destination = "/x" }, new() { Source = "/usr", Destination = "/x/" }] } },
        { "InvalidMountSource", Good with { Mounts = [new() { Source = "etc", Destination = "/x" }] } },
        { "MountSourceNotFound", Good with { Mounts = [new() { Source = "/no/such/path", Destination = "/x" }] } },
        { "InvalidNetwork", Good with { Networks = [new NetworkAttachment { Name = "host" }, new NetworkAttachment { Name = "shop" }] } },
        { "InvalidNetwork", Good with { Networks = [new NetworkAttachment { Name = "host", Alias = ["web"] }] } },
        { "InvalidNetwork", Good with { Networks = [new NetworkAttachment { Name = "container:db", IPAddress = "10.89.4.2" }] } },
        { "InvalidSysctl", Good with { Sysctls = new Dictionary<string, string> { ["kernel.core_pattern"] = "|x" } } },
        { "InvalidSysctl", Good with { Networks = [new NetworkAttachment { Name = "host" }], Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" } } },
        { "InvalidCapability", Good with { CapabilityAdd = ["NET_EVERYTHING"] } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_wrong_value_gets_its_own_error_and_a_mend(string code, ContainerSpec spec)
    {
        var error = Assert.Throws<ContainerToolsException>(() => ContainerSpecRules.Check(spec));
        Assert.Equal(code, error.Code);
        Assert.NotNull(error.RecommendedAction);
    }

    [Fact]
    public void A_full_and_right_spec_passes() => ContainerSpecRules.Check(Good with
    {
        Name = "web-1.a_b",
        Memory = 64 << 20,
        MemorySwap = -1,
        Cpu = 0.5,
        CpuSet = "0",
        PidsLimit = 50,
        Ulimits = new Dictionary<string, Ulimit> { ["nofile"] = new(1024, 2048), ["core"] = new(-1, -1) },
        Mounts = [new() { Source = "/etc", Destination = "/x", ReadOnly = true }],
        CapabilityAdd = ["net_admin", "CAP_SYS_PTRACE"],
        Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" },
    });
}
