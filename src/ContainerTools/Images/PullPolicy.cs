namespace ContainerTools;

/// <summary>When an image that is asked for by name is pulled from its registry.</summary>
public enum PullPolicy
{
    /// <summary>When it is not here.</summary>
    Missing,

    /// <summary>Every time.</summary>
    Always,

    /// <summary>Never: it must be here.</summary>
    Never,

    /// <summary>When it is not here, or when the registry has another one under the name. A registry that cannot be asked does not matter as long as it is here.</summary>
    Newer,
}
