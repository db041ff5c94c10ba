using ContainerTools.Engine.Host;

namespace ContainerTools.Engine;

/// <summary>Opens engines. The one type that clients in another load context find by name.</summary>
public sealed class ContainerEngineFactory : IContainerEngineFactory
{
    /// <inheritdoc/>
    public IContainerEngine Open(EngineOptions options) => ContainerEngine.Open(options);
}
