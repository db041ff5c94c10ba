namespace ContainerTools;

/// <summary>What to wait for.</summary>
public enum ContainerWaitCondition
{
    /// <summary>It does not run (it may never have).</summary>
    Exited,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is gone from the store.</summary>
    Removed,
}
