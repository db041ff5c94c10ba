namespace ContainerTools.Engine.Registry;

/// <summary>Logins of this user.</summary>
internal interface IRegistryCredentials
{
    /// <summary>The login for a registry; null when there is none. Throws <c>CredentialHelperFailed</c>, <c>DockerConfigInvalid</c>.</summary>
    ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken);
}
