namespace ContainerTools.Linux.Cgroups;

/// <summary>Kind of device a rule is about.</summary>
public enum DeviceType
{
    /// <summary>Every device.</summary>
    All,

    /// <summary>Character devices.</summary>
    Character,

    /// <summary>Block devices.</summary>
    Block,
}
