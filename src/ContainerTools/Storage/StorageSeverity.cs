namespace ContainerTools;

/// <summary>How bad a <see cref="StorageIssue"/> is.</summary>
public enum StorageSeverity
{
    /// <summary>It takes space and does no harm.</summary>
    Waste,

    /// <summary>Something does not work, or is not what it says it is.</summary>
    Damage,
}
