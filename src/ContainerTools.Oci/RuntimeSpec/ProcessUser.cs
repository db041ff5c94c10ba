namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Identity of a process, in numbers of the container.</summary>
public sealed record ProcessUser
{
    /// <summary>User id.</summary>
    public uint Uid { get; init; }

    /// <summary>Group id.</summary>
    public uint Gid { get; init; }

    /// <summary>File mode creation mask; null means 0022.</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint> AdditionalGids { get; init => field = value ?? []; } = [];
}
