namespace ContainerTools.Api.Information;

/// <summary>The answer to <c>GET /info</c>.</summary>
internal sealed record InfoResponse
{
    public required string ServerVersion { get; init; }

    public required string DockerRootDir { get; init; }

    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public string OSType { get; init; } = "linux";

    public required string Architecture { get; init; }

    public int NCPU { get; init; }

    public long MemTotal { get; init; }

    public string Driver { get; init; } = "overlay2";

    public string CgroupDriver { get; init; } = "cgroupfs";

    public required string CgroupVersion { get; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int Images { get; init; }

    public required string Name { get; init; }

    public static InfoResponse From(EngineInfo info, string hostName) => new()
    {
        ServerVersion = info.Version,
        DockerRootDir = info.Root,
        KernelVersion = info.KernelVersion,
        OperatingSystem = info.OperatingSystem,
        Architecture = info.Architecture,
        NCPU = info.Cpus,
        MemTotal = info.MemoryTotal,
        CgroupVersion = info.CgroupVersion == "v2" ? "2" : "1",
        Containers = info.Containers,
        ContainersRunning = info.Running,
        Images = info.Images,
        Name = hostName,
    };
}
