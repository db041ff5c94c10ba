namespace ContainerTools;

/// <summary>What <see cref="IContainerOperations.List"/> returns; unset members do not filter.</summary>
public sealed record ContainerFilter
{
    /// <summary>States, any of which passes; empty means all.</summary>
    public IReadOnlyList<ContainerState> States { get; init; } = [];

    /// <summary>Labels that must be there; a null value asks for the key alone.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>Only containers of this image (name, or id).</summary>
    public string? Image { get; init; }
}
