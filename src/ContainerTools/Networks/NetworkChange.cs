namespace ContainerTools;

/// <summary>What is changed of a network; what is null stays. Running containers see it at once.</summary>
public sealed record NetworkChange
{
    /// <summary>Name servers that its containers' resolver asks; an empty list goes back to the host's.</summary>
    public IReadOnlyList<string>? Dns { get; init; }

    /// <summary>Labels, in place of those it has.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
