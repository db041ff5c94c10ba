namespace ContainerTools.Api.Information;

/// <summary>The product that answers.</summary>
/// <param name="Name">Name.</param>
internal sealed record VersionPlatform(string Name);
