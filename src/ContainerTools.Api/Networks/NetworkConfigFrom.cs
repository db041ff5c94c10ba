namespace ContainerTools.Api.Networks;

/// <summary>The network that another takes its configuration from, in the API's words; this engine has none of them.</summary>
internal sealed record NetworkConfigFrom(string Network);
