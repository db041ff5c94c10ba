namespace ContainerTools;

/// <summary>Settings of a store that are changed; what is null stays.</summary>
public sealed record EngineChange
{
    /// <summary>Where subnets of networks come from that ask for none: <c>base=10.176.0.0/12,size=24</c>. An empty list goes back to the default.</summary>
    public IReadOnlyList<string>? AddressPool { get; init; }

    /// <summary>Address of the host that ports are published on when none is named; an empty text means all.</summary>
    public string? DefaultBindAddress { get; init; }

    /// <summary>Who makes the rules of container networks.</summary>
    public FirewallBackend? FirewallBackend { get; init; }
}
