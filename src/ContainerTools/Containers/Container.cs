namespace ContainerTools;

/// <summary>A snapshot of one container.</summary>
public sealed record Container
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the image as given when the container was made.</summary>
    public required string Image { get; init; }

    /// <summary>Id of the image.</summary>
    public required string ImageId { get; init; }

    /// <summary>State at the time of the snapshot.</summary>
    public ContainerState State { get; init; }

    /// <summary>The words that run: entrypoint and command.</summary>
    public required IReadOnlyList<string> Command { get; init => field = value.ToArray(); }

    /// <summary>Process id on the host while running; null otherwise.</summary>
    public int? Pid { get; init; }

    /// <summary>Exit code of the last run; null before the first end. 128 + n after signal n.</summary>
    public int? ExitCode { get; init; }

    /// <summary>True when the kernel killed the last run for lack of memory.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Why the last start failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>When the container was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When the last run began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When the last run ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Labels: the image's, overlaid by the container's own.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Host name inside.</summary>
    public string HostName { get; init; } = "";

    /// <summary>Names of its networks, that of the default route first; or <c>none</c>, <c>host</c>, <c>container:NAME</c>, <c>ns:PATH</c>.</summary>
    public IReadOnlyList<string> Network { get; init => field = value.ToArray(); } = [];

    /// <summary>Its places on networks, in the same order.</summary>
    public IReadOnlyList<NetworkEndpoint> Endpoint { get; init => field = value.ToArray(); } = [];

    /// <summary>Its IPv4 address on the first network that has one; null without.</summary>
    public string? IPAddress => Endpoint.Select(endpoint => endpoint.IPAddress).FirstOrDefault(address => address is not null);

    /// <summary>Ports that lead to it while it runs; else those that it asks for.</summary>
    public IReadOnlyList<PortMapping> Port { get; init => field = value.ToArray(); } = [];

    /// <summary>Everything the container was made with.</summary>
    public required ContainerSpec Spec { get; init; }

    /// <summary>Path of the log file on the host.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>Path of the writable layer on the host.</summary>
    public string WritableLayerPath { get; init; } = "";

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
