namespace ContainerTools;

/// <summary>
/// Registries: how they are spoken to, and as whom. A registry is named as image names have it, by its host, with port if any. Every method throws
/// <see cref="ContainerToolsException"/>, among others <c>InvalidRegistryName</c>.
/// </summary>
public interface IRegistryOperations
{
    /// <summary>Registries that a name without one may mean, in the order in which they are asked.</summary>
    IReadOnlyList<string> SearchOrder { get; }

    /// <summary>Registries with settings, in the search order, or with a login of this user, by name.</summary>
    Task<IReadOnlyList<ContainerRegistry>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One registry; as it is by default when nothing is known of it.</summary>
    Task<ContainerRegistry> GetAsync(string registry, CancellationToken cancellationToken);

    /// <summary>Changes how a registry is spoken to, for every process that uses the store. Throws <c>InvalidRegistrySetting</c>.</summary>
    void Change(string registry, RegistryChange change);

    /// <summary>Forgets the settings of a registry. Throws <c>RegistryNotFound</c>.</summary>
    void Remove(string registry);

    /// <summary>Changes which registries a name without one may mean; an empty list goes back to <c>docker.io</c>. Throws <c>InvalidRegistrySetting</c>.</summary>
    void SetSearchOrder(IReadOnlyList<string> registries);

    /// <summary>
    /// Logs in: asks the registry whether it accepts the credential, and keeps it. Throws <c>RegistryLoginFailed</c>, <c>InvalidRegistryCredential</c>, <c>DockerConfigInvalid</c>,
    /// <c>CredentialHelperFailed</c>, <c>SecretManagementMissing</c>, <c>VaultFailed</c>.
    /// </summary>
    Task<RegistryLogin> ConnectAsync(RegistryLoginRequest request, CancellationToken cancellationToken);

    /// <summary>Forgets the login to a registry wherever it is kept. Throws <c>RegistryLoginNotFound</c>, <c>DockerConfigInvalid</c>, <c>CredentialHelperFailed</c>, <c>VaultFailed</c>.</summary>
    Task DisconnectAsync(string registry, CancellationToken cancellationToken);
}
