namespace ContainerTools;

/// <summary>A static route that every container of a network gets.</summary>
public sealed record NetworkRoute
{
    /// <summary>Where it leads: <c>10.0.0.0/8</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>The next hop, an address on the network.</summary>
    public required string Gateway { get; init; }

    /// <summary>The lower, the sooner it is taken; null leaves it to the kernel.</summary>
    public int? Metric { get; init; }

    /// <summary>The form that <c>-Route</c> takes: <c>10.0.0.0/8,10.89.4.254[,100]</c>.</summary>
    public override string ToString() => Metric is { } metric ? FormattableString.Invariant($"{Destination},{Gateway},{metric}") : $"{Destination},{Gateway}";
}
