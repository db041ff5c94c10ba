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

    /// <summary>Proxy by which registries are reached: <c>http://proxy.example:3128</c>, with user and password if it asks for them; an empty text goes back to the environment's.</summary>
    public string? Proxy { get; init; }

    /// <summary>Hosts that are reached without <see cref="Proxy"/>, written as in <c>NO_PROXY</c>; an empty list takes all away.</summary>
    public IReadOnlyList<string>? NoProxy { get; init; }

    /// <summary>What is changed, without the proxy: it may hold a password.</summary>
    public override string ToString() => nameof(EngineChange);
}
