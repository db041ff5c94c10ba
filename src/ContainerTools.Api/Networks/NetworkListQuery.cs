namespace ContainerTools.Api.Networks;

/// <summary>The query of <c>GET /networks</c>.</summary>
internal sealed record NetworkListQuery
{
    /// <summary>Name parts, any of which passes; empty lets all through.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Id prefixes, any of which passes; empty lets all through.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Drivers, any of which passes; empty lets all through.</summary>
    public IReadOnlyList<string> Drivers { get; init; } = [];

    /// <summary>Labels that must be there.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>Reads the query. Throws <see cref="ContainerToolsException"/> for filters that are not understood.</summary>
    public static NetworkListQuery Parse(string? filters)
    {
        var query = new NetworkListQuery();
        foreach (var (name, values) in QueryFilters.Parse(filters))
        {
            query = name switch
            {
                "name" => query with { Names = values },
                "id" => query with { Ids = values },
                "driver" => query with { Drivers = values },
                "label" => query with { Labels = QueryFilters.Labels(values) },
                _ => throw QueryFilters.Invalid($"The filter '{name}' is not supported.", name),
            };
        }

        return query;
    }

    public IEnumerable<ContainerNetwork> Apply(IEnumerable<ContainerNetwork> networks) => networks.Where(network =>
        Any(Names, name => network.Name.Contains(name, StringComparison.Ordinal))
        && Any(Ids, id => network.Id.StartsWith(id, StringComparison.Ordinal))
        && Any(Drivers, driver => network.Driver.ToString().Equals(driver, StringComparison.OrdinalIgnoreCase))
        && Labels.All(wanted => network.Labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value)));

    private static bool Any(IReadOnlyList<string> words, Func<string, bool> passes) => words.Count == 0 || words.Any(passes);
}
