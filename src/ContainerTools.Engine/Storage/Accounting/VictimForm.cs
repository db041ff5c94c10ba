namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>How a thing is taken away.</summary>
internal enum VictimForm
{
    /// <summary>A container that does not run.</summary>
    Container,

    /// <summary>Files of a container that no row knows.</summary>
    ContainerRemnant,

    /// <summary>A network without containers.</summary>
    Network,

    /// <summary>An image that no name leads to and no container was made of.</summary>
    DanglingImage,

    /// <summary>An image that no container was made of.</summary>
    Image,

    /// <summary>What the build cache knows of a layer, with the layer if nothing else has it.</summary>
    CachedLayer,

    /// <summary>What the build cache knows of steps that made no layer.</summary>
    CachedSteps,

    /// <summary>The directory of a cache mount.</summary>
    CacheMount,

    /// <summary>The log of a container that does not run.</summary>
    Log,

    /// <summary>A download that nobody works on.</summary>
    Partial,

    /// <summary>The work directory of an operation that was cut off.</summary>
    WorkDirectory,

    /// <summary>A layer that nothing needs.</summary>
    GarbageLayer,

    /// <summary>A tree, structure or blob that no row knows.</summary>
    Orphan,
}
