namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>The five capability sets, by kernel name such as <c>CAP_CHOWN</c>.</summary>
public sealed record CapabilitySets
{
    /// <summary>Bounding set.</summary>
    public IReadOnlyList<string> Bounding { get; init => field = value ?? []; } = [];

    /// <summary>Effective set.</summary>
    public IReadOnlyList<string> Effective { get; init => field = value ?? []; } = [];

    /// <summary>Inheritable set.</summary>
    public IReadOnlyList<string> Inheritable { get; init => field = value ?? []; } = [];

    /// <summary>Permitted set.</summary>
    public IReadOnlyList<string> Permitted { get; init => field = value ?? []; } = [];

    /// <summary>Ambient set.</summary>
    public IReadOnlyList<string> Ambient { get; init => field = value ?? []; } = [];
}
