namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>A device file to make.</summary>
public sealed record DeviceNode
{
    /// <summary><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where, absolute inside the container.</summary>
    public required string Path { get; init; }

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits; null means 0666.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group.</summary>
    public uint? Gid { get; init; }
}
