namespace ContainerTools.Api.Containers;

/// <summary>One port of a container, in the API's words, which have no ranges.</summary>
/// <param name="IP">Address of the host; null for a port that is not published.</param>
/// <param name="PrivatePort">The container's port.</param>
/// <param name="PublicPort">The host's port; null for a port that is not published.</param>
/// <param name="Type">Protocol.</param>
internal sealed record ContainerPort(string? IP, int PrivatePort, int? PublicPort, string Type)
{
    /// <summary>What a port on all addresses is to clients of the API: one of IPv4, one of IPv6.</summary>
    private static readonly string[] All = ["0.0.0.0", "::"];

    public static IEnumerable<ContainerPort> Of(Container container) =>
        container.State is not (ContainerState.Running or ContainerState.Paused)
            ? []
            : from mapping in container.Port
              from offset in Enumerable.Range(0, mapping.Count)
              from address in mapping.HostAddress is { } one ? [one] : All
              select new ContainerPort(address, mapping.ContainerPort + offset, mapping.HostPort + offset, mapping.Protocol.ToString().ToLowerInvariant());
}
