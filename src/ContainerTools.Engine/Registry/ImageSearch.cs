using System.Text.Json;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Finds repositories by words: Docker Hub has a search of its own (<c>/v1/search</c>), other registries at most a catalogue.</summary>
internal sealed class ImageSearch(RegistryAccess registries, string registry)
{
    private const string Hub = "docker.io";
    private const string HubSearch = "index.docker.io";

    public async Task<IReadOnlyList<ImageSearchResult>> FindAsync(string term, int limit, CancellationToken cancellationToken)
    {
        if (registry == Hub)
        {
            using var found = await registries.For(HubSearch).GetJsonAsync($"v1/search?q={Uri.EscapeDataString(term)}&n={limit}", HubSearch, cancellationToken).ConfigureAwait(false);
            try
            {
                return [.. found.RootElement.GetProperty("results").EnumerateArray().Take(limit).Select(FromHub)];
            }
            catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException)
            {
                throw new RegistryException(ErrorKind.DataLoss, "RegistryAnswerInvalid", $"{HubSearch}: the answer to the search cannot be read: {error.Message}", term, "Try again later.", error);
            }
        }

        var repositories = await registries.For(registry).ListRepositoriesAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. repositories
                .Where(name => name.Contains(term, StringComparison.OrdinalIgnoreCase) && ImageReference.TryParse($"{registry}/{name}", out _))
                .Take(limit)
                .Select(name => new ImageSearchResult { Name = $"{registry}/{name}" }),
        ];
    }

    private static ImageSearchResult FromHub(JsonElement item) => new()
    {
        Name = item.GetProperty("name").GetString() ?? "",
        Description = item.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "",
        Stars = item.TryGetProperty("star_count", out var stars) && stars.TryGetInt32(out var count) ? count : 0,
        Official = item.TryGetProperty("is_official", out var official) && official.ValueKind == JsonValueKind.True,
    };
}
