namespace ContainerTools;

/// <summary>
/// The whole engine as its clients see it. Thread-safe: one instance serves all runspaces of a process, and any number of processes may
/// hold one on the same store.
/// </summary>
public interface IContainerEngine : IDisposable
{
    /// <summary>Images.</summary>
    IImageOperations Images { get; }

    /// <summary>What lies in registries.</summary>
    IRepositoryOperations Repositories { get; }

    /// <summary>Containers.</summary>
    IContainerOperations Containers { get; }

    /// <summary>Networks.</summary>
    INetworkOperations Networks { get; }

    /// <summary>Registries.</summary>
    IRegistryOperations Registries { get; }

    /// <summary>Builds.</summary>
    IBuildOperations Builds { get; }

    /// <summary>What lies on the store's disk.</summary>
    IStorageOperations Storage { get; }

    /// <summary>What this engine is and what it stores.</summary>
    EngineInfo GetInfo();

    /// <summary>Changes settings of the store, which hold for every process that uses it. Throws <c>InvalidEngineSetting</c>.</summary>
    EngineInfo Change(EngineChange change);

    /// <summary>What this host can do, with the mend for what it cannot.</summary>
    IReadOnlyList<HostCheck> TestHost();

    /// <summary>
    /// Finds what crashed processes left behind (mounts, cgroups, temporary files, half-made objects, stale records) and, when
    /// <paramref name="apply"/> is set, removes it.
    /// </summary>
    IReadOnlyList<RepairAction> Repair(bool apply);
}
