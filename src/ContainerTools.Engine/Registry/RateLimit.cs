using System.Globalization;

namespace ContainerTools.Engine.Registry;

/// <summary>Pulls that a registry grants within a time, as Docker Hub states them (<c>ratelimit-limit</c>, <c>ratelimit-remaining</c>: <c>100;w=21600</c>).</summary>
/// <param name="Limit">Pulls in all.</param>
/// <param name="Remaining">Pulls that are left.</param>
internal sealed record RateLimit(int Limit, int Remaining)
{
    /// <summary>True when a tenth or less is left.</summary>
    public bool IsLow => Remaining * 10 <= Limit;

    public static RateLimit? From(HttpResponseMessage response) =>
        Read(response, "ratelimit-limit") is { } limit && Read(response, "ratelimit-remaining") is { } remaining ? new RateLimit(limit, remaining) : null;

    private static int? Read(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && int.TryParse(values.First().Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
