using System.Text.Json;

namespace ContainerTools.Api;

/// <summary>The <c>filters</c> of lists.</summary>
internal static class QueryFilters
{
    /// <summary>Values by name of the filter. Throws <see cref="ContainerToolsException"/> for what is no JSON object of lists.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Parse(string? filters)
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>();
        if (string.IsNullOrEmpty(filters))
        {
            return groups;
        }

        try
        {
            using var document = JsonDocument.Parse(filters);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                // Docker's old form is {"label": {"a=b": true}}, its new one {"label": ["a=b"]}.
                groups[property.Name] = property.Value.ValueKind == JsonValueKind.Object
                    ? [.. property.Value.EnumerateObject().Where(value => value.Value.ValueKind == JsonValueKind.True).Select(value => value.Name)]
                    : [.. property.Value.EnumerateArray().Select(value => value.GetString() ?? "")];
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Invalid($"filters is not a JSON object of lists: {filters}", filters);
        }

        return groups;
    }

    /// <summary>Labels with the values asked for; null for a key alone.</summary>
    public static IReadOnlyDictionary<string, string?> Labels(IReadOnlyList<string> values)
    {
        var labels = new Dictionary<string, string?>();
        foreach (var value in values)
        {
            var mark = value.IndexOf('=', StringComparison.Ordinal);
            labels[mark < 0 ? value : value[..mark]] = mark < 0 ? null : value[(mark + 1)..];
        }

        return labels;
    }

    public static ContainerToolsException Invalid(string message, string target) => new(ErrorKind.InvalidArgument, "InvalidFilter", message, target);
}
