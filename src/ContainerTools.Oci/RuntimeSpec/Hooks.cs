namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Programs run at points of the life cycle; read so that they can be refused.</summary>
public sealed record Hooks
{
    /// <summary>The prestart hooks.</summary>
    public IReadOnlyList<Hook> Prestart { get; init => field = value ?? []; } = [];

    /// <summary>The createRuntime hooks.</summary>
    public IReadOnlyList<Hook> CreateRuntime { get; init => field = value ?? []; } = [];

    /// <summary>The createContainer hooks.</summary>
    public IReadOnlyList<Hook> CreateContainer { get; init => field = value ?? []; } = [];

    /// <summary>The startContainer hooks.</summary>
    public IReadOnlyList<Hook> StartContainer { get; init => field = value ?? []; } = [];

    /// <summary>The poststart hooks.</summary>
    public IReadOnlyList<Hook> Poststart { get; init => field = value ?? []; } = [];

    /// <summary>The poststop hooks.</summary>
    public IReadOnlyList<Hook> Poststop { get; init => field = value ?? []; } = [];
}
