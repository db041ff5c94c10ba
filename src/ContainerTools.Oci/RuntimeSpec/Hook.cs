namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>One hook.</summary>
public sealed record Hook
{
    /// <summary>Program, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Arguments.</summary>
    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    /// <summary>Environment.</summary>
    public IReadOnlyList<string> Env { get; init => field = value ?? []; } = [];

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }
}
