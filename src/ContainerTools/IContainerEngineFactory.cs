namespace ContainerTools;

/// <summary>
/// The door between the cmdlets, which live in PowerShell's load context, and the engine, which lives in its own. The engine assembly has one
/// public implementation with a parameterless constructor, <c>ContainerTools.Engine.ContainerEngineFactory</c>.
/// </summary>
public interface IContainerEngineFactory
{
    /// <summary>Opens (and on first use makes) a store. Throws <c>StoreUnavailable</c>, <c>StoreLocked</c>, <c>NotRoot</c>.</summary>
    IContainerEngine Open(EngineOptions options);
}
