namespace ContainerTools;

/// <summary>Everything a container is made from. Unset members take the image's value or the engine's default.</summary>
public sealed record ContainerSpec
{
    /// <summary>Image name or id.</summary>
    public required string Image { get; init; }

    /// <summary>Platform of the image, <c>os/architecture[/variant]</c>, when it is there for several; null means this host's.</summary>
    public string? Platform { get; init; }

    /// <summary>Unique name; null makes one up. <c>[a-zA-Z0-9][a-zA-Z0-9_.-]*</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Command words, replacing the image's; null keeps them.</summary>
    public IReadOnlyList<string>? Command { get; init => field = value?.ToArray(); }

    /// <summary>Entrypoint words, replacing the image's; an empty list clears it; null keeps it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init => field = value?.ToArray(); }

    /// <summary>Environment added to the image's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute working directory inside.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>User as <c>user[:group]</c>, names or numbers.</summary>
    public string? User { get; init; }

    /// <summary>Supplementary groups, names or numbers.</summary>
    public IReadOnlyList<string> Groups { get; init => field = value.ToArray(); } = [];

    /// <summary>Host name inside; null means the short id.</summary>
    public string? HostName { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Root file system read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>tmpfs mounts: path inside → options as mount(8) takes them (<c>size=64m,mode=1777</c>), may be empty.</summary>
    public IReadOnlyDictionary<string, string> Tmpfs { get; init; } = new Dictionary<string, string>();

    /// <summary>Bind mounts.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init => field = value.ToArray(); } = [];

    /// <summary>Memory limit in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory plus swap limit in bytes; -1 unlimited; null means twice the memory.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>CPUs, for example 0.5.</summary>
    public double? Cpu { get; init; }

    /// <summary>Relative CPU weight, 1 to 10000, 100 is normal (cgroup v2 cpu.weight).</summary>
    public long? CpuWeight { get; init; }

    /// <summary>Cores allowed, in cpuset list form (<c>0-1,3</c>).</summary>
    public string? CpuSet { get; init; }

    /// <summary>Most processes; -1 unlimited.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Resource limits: name in ulimit words (<c>nofile</c>) → soft and hard.</summary>
    public IReadOnlyDictionary<string, Ulimit> Ulimits { get; init; } = new Dictionary<string, Ulimit>();

    /// <summary>Size of /dev/shm in bytes; null means 64 MiB.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Capabilities added to the default 14 (<c>NET_ADMIN</c>, with or without <c>CAP_</c>, or <c>ALL</c>).</summary>
    public IReadOnlyList<string> CapabilityAdd { get; init => field = value.ToArray(); } = [];

    /// <summary>Capabilities dropped, or <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapabilityDrop { get; init => field = value.ToArray(); } = [];

    /// <summary>All capabilities and devices, no seccomp, nothing masked.</summary>
    public bool Privileged { get; init; }

    /// <summary>no_new_privs (prctl(2)); on by default.</summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary><c>default</c>, <c>unconfined</c>, or the absolute path of a profile in Docker's JSON form.</summary>
    public string SeccompProfile { get; init; } = "default";

    /// <summary>Kernel parameters of the container's namespaces (<c>net.ipv4.ip_forward</c>).</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>Run the engine's own init as pid 1: it forwards signals and reaps.</summary>
    public bool Init { get; init; }

    /// <summary>Signal that stops it; null takes the image's, then SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Time from the stop signal to SIGKILL; null means 10 s.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Remove the container when it ends.</summary>
    public bool Remove { get; init; }

    /// <summary>Networks, or one of <c>none</c>, <c>host</c>, <c>container:NAME</c> and <c>ns:PATH</c>; none given means the network <c>default</c>.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get; init => field = value.ToArray(); } = [];

    /// <summary>Ports to publish.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init => field = value.ToArray(); } = [];

    /// <summary>Publish every port that the image exposes, on ports that the engine chooses.</summary>
    public bool PublishAll { get; init; }

    /// <summary>Name servers to ask about the outside, in place of the host's.</summary>
    public IReadOnlyList<string> Dns { get; init => field = value.ToArray(); } = [];

    /// <summary>Domains that short names are tried in; null takes the host's, an empty list none.</summary>
    public IReadOnlyList<string>? DnsSearch { get; init => field = value?.ToArray(); }

    /// <summary>Options of resolv.conf(5): <c>ndots:2</c>.</summary>
    public IReadOnlyList<string> DnsOptions { get; init => field = value.ToArray(); } = [];

    /// <summary>Lines for /etc/hosts: name → address, or <c>host-gateway</c> for the host as the container reaches it.</summary>
    public IReadOnlyDictionary<string, string> ExtraHosts { get; init; } = new Dictionary<string, string>();

    /// <summary>Keep standard input open and connected.</summary>
    public bool Interactive { get; init; }

    /// <summary>Replace (stop and remove) a container of the same name.</summary>
    public bool Force { get; init; }
}
