namespace ContainerTools.Api.Containers;

/// <summary>The part of a container's host configuration that lists carry.</summary>
/// <param name="NetworkMode">Network.</param>
internal sealed record ContainerHostConfig(string NetworkMode);
