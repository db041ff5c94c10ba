namespace ContainerTools;

/// <summary>A network that a container is connected to, and how.</summary>
public sealed record NetworkAttachment
{
    /// <summary>
    /// Name or id of a network; or, alone, <c>none</c>, <c>host</c>, <c>container:NAME</c> (the network of another container) or <c>ns:PATH</c> (an existing network
    /// namespace).
    /// </summary>
    public required string Name { get; init; }

    /// <summary>IPv4 address asked for; null takes the next free one.</summary>
    public string? IPAddress { get; init; }

    /// <summary>IPv6 address asked for; null takes the next free one.</summary>
    public string? IPv6Address { get; init; }

    /// <summary>Hardware address asked for; null derives one from the IPv4 address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Further names that others on the network find it by.</summary>
    public IReadOnlyList<string> Alias { get; init => field = value.ToArray(); } = [];

    /// <summary>Name of the link inside; null means <c>eth0</c>, <c>eth1</c> and so on.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>The network of the highest priority has the default route, publishes ports and is asked for names first; among equals the first does.</summary>
    public int Priority { get; init; }

    /// <summary>The network's name.</summary>
    public override string ToString() => Name;
}
