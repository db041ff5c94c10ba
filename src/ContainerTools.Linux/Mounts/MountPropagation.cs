namespace ContainerTools.Linux.Mounts;

/// <summary>Propagation of mount events (mount_namespaces(7)).</summary>
[Flags]
public enum MountPropagation : ulong
{
    /// <summary>Leave it.</summary>
    None = 0,

    /// <summary>Neither send nor receive, and cannot be bound.</summary>
    Unbindable = 1 << 17,

    /// <summary>Neither send nor receive.</summary>
    Private = 1 << 18,

    /// <summary>Receive only.</summary>
    Slave = 1 << 19,

    /// <summary>Send and receive.</summary>
    Shared = 1 << 20,
}
