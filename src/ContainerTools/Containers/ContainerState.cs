namespace ContainerTools;

/// <summary>Where a container is in its life.</summary>
public enum ContainerState
{
    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its process is frozen.</summary>
    Paused,

    /// <summary>Between two runs of its restart policy.</summary>
    Restarting,

    /// <summary>Its process has ended.</summary>
    Exited,

    /// <summary>Its monitor vanished without recording an end (killed, or the host rebooted).</summary>
    Dead,
}
