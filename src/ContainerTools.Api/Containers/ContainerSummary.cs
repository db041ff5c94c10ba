using System.Globalization;
using ContainerTools.Api.Networks;

namespace ContainerTools.Api.Containers;

/// <summary>One row of <c>GET /containers/json</c>, in the API's words.</summary>
internal sealed record ContainerSummary
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required string Image { get; init; }

    public required string ImageID { get; init; }

    public required string Command { get; init; }

    public long Created { get; init; }

    public required IReadOnlyList<ContainerPort> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    public required string Status { get; init; }

    public required ContainerHostConfig HostConfig { get; init; }

    public required ContainerNetworkSettings NetworkSettings { get; init; }

    public required IReadOnlyList<ContainerMountPoint> Mounts { get; init; }

    public static ContainerSummary From(Container container, IReadOnlyList<ContainerNetwork> networks, DateTimeOffset now) => new()
    {
        Id = container.Id,
        Names = ["/" + container.Name],
        Image = container.Image,
        ImageID = container.ImageId,
        Command = string.Join(' ', container.Command),
        Created = container.Created.ToUnixTimeSeconds(),
        Ports = [.. ContainerPort.Of(container)],
        Labels = container.Labels,
        State = StateWord(container.State),
        Status = StatusSentence(container, now),
        HostConfig = new ContainerHostConfig(container.Network.Count > 0 ? container.Network[0] : "none"),
        NetworkSettings = ContainerNetworkSettings.Of(container, networks),
        Mounts = [.. container.Spec.Mounts.Select(ContainerMountPoint.From)],
    };

    /// <summary>The API's word for a state.</summary>
    public static string StateWord(ContainerState state) => state.ToString().ToLowerInvariant();

    private static string StatusSentence(Container container, DateTimeOffset now) => container.State switch
    {
        ContainerState.Running => $"Up {Age(now - container.Started)}",
        ContainerState.Paused => $"Up {Age(now - container.Started)} (Paused)",
        ContainerState.Restarting => $"Restarting ({Code(container)}) {Age(now - container.Finished)} ago",
        ContainerState.Exited => $"Exited ({Code(container)}) {Age(now - container.Finished)} ago",
        var other => other.ToString(),
    };

    private static string Code(Container container) => (container.ExitCode ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string Age(TimeSpan? age) => age switch
    {
        null or { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalMinutes: < 1 } => $"{(int)age.Value.TotalSeconds} seconds",
        { TotalMinutes: < 2 } => "About a minute",
        { TotalHours: < 1 } => $"{(int)age.Value.TotalMinutes} minutes",
        { TotalHours: < 2 } => "About an hour",
        { TotalDays: < 2 } => $"{(int)age.Value.TotalHours} hours",
        { TotalDays: < 14 } => $"{(int)age.Value.TotalDays} days",
        { TotalDays: < 60 } => $"{(int)age.Value.TotalDays / 7} weeks",
        { TotalDays: < 730 } => $"{(int)age.Value.TotalDays / 30} months",
        _ => $"{(int)age.Value.TotalDays / 365} years",
    };
}
