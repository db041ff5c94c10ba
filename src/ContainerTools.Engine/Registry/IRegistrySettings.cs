namespace ContainerTools.Engine.Registry;

/// <summary>What the store and the host say about registries.</summary>
internal interface IRegistrySettings
{
    /// <summary>Registries that a name without one may mean, in the order in which they are asked; <c>docker.io</c> alone unless told otherwise.</summary>
    IReadOnlyList<string> SearchOrder { get; }

    /// <summary>Settings of a registry; defaults when nobody said anything. Throws <c>HostCertificatesInvalid</c>.</summary>
    RegistrySettings Find(string registry);
}
