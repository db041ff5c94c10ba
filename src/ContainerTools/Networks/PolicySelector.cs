namespace ContainerTools;

/// <summary>Chooses containers. All that is set must fit; nothing set chooses every container of the store.</summary>
public sealed record PolicySelector
{
    /// <summary>Labels that a container must have, with these values; a null value takes any.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>Name of a network that it must be on; only its addresses there count. Null takes all.</summary>
    public string? Network { get; init; }

    /// <summary><c>app=web on shop</c>.</summary>
    public override string ToString()
    {
        var labels = Labels.Count == 0 ? "any" : string.Join(", ", Labels.Select(label => label.Value is null ? label.Key : $"{label.Key}={label.Value}"));
        return Network is null ? labels : $"{labels} on {Network}";
    }
}
