namespace ContainerTools.Api.Containers;

/// <summary>The query of <c>GET /containers/json</c>.</summary>
internal sealed record ContainerListQuery
{
    /// <summary>What the engine filters.</summary>
    public required ContainerFilter Filter { get; init; }

    /// <summary>Name parts or patterns; empty lets all through.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Id prefixes; empty lets all through.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Most rows; null means all.</summary>
    public int? Limit { get; init; }

    /// <summary>Reads the query. Throws <see cref="ContainerToolsException"/> for filters that are not understood: ignoring one would list too much.</summary>
    public static ContainerListQuery Parse(string? all, string? limit, string? filters)
    {
        var groups = QueryFilters.Parse(filters);
        List<ContainerState> states = [];
        IReadOnlyDictionary<string, string?> labels = new Dictionary<string, string?>();
        string? image = null;
        IReadOnlyList<string> names = [];
        IReadOnlyList<string> ids = [];
        foreach (var (name, values) in groups)
        {
            switch (name)
            {
                case "status":
                    states.AddRange(values.Select(State));
                    break;
                case "label":
                    labels = QueryFilters.Labels(values);
                    break;
                case "ancestor" when values.Count == 1:
                    image = values[0];
                    break;
                case "name":
                    names = values;
                    break;
                case "id":
                    ids = values;
                    break;
                default:
                    throw QueryFilters.Invalid($"The filter '{name}' is not supported.", name);
            }
        }

        int? most = null;
        if (!string.IsNullOrEmpty(limit))
        {
            most = int.TryParse(limit, out var number) ? (number > 0 ? number : null) : throw QueryFilters.Invalid($"limit '{limit}' is not a number.", limit);
        }

        if (states.Count == 0 && most is null && !IsTrue(all))
        {
            states = [ContainerState.Running, ContainerState.Paused, ContainerState.Restarting];
        }

        return new ContainerListQuery { Filter = new ContainerFilter { States = states, Labels = labels, Image = image }, Names = names, Ids = ids, Limit = most };
    }

    /// <summary>Applies what the engine does not filter.</summary>
    public IEnumerable<Container> Apply(IEnumerable<Container> containers)
    {
        var passed = containers.Where(container =>
            (Names.Count == 0 || Names.Any(name => container.Name.Contains(name.Trim('^', '$', '/'), StringComparison.Ordinal)))
            && (Ids.Count == 0 || Ids.Any(id => container.Id.StartsWith(id, StringComparison.Ordinal))));
        return Limit is { } most ? passed.Take(most) : passed;
    }

    private static ContainerState State(string word) =>
        !char.IsAsciiDigit(word.FirstOrDefault('0')) && Enum.TryParse<ContainerState>(word, ignoreCase: true, out var state)
            ? state
            : throw QueryFilters.Invalid($"'{word}' is not a container state.", word);

    private static bool IsTrue(string? value) => value is "1" or "true" or "True" or "TRUE" or "t";
}
