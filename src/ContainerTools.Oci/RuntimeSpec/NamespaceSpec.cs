namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>A namespace to make, or to join.</summary>
public sealed record NamespaceSpec
{
    /// <summary><c>pid</c>, <c>network</c>, <c>mount</c>, <c>ipc</c>, <c>uts</c>, <c>user</c>, <c>cgroup</c> or <c>time</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Namespace file to join; null makes a new one.</summary>
    public string? Path { get; init; }
}
