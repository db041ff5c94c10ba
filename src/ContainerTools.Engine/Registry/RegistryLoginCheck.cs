namespace ContainerTools.Engine.Registry;

/// <summary>Tries a login on the registry itself. One that asks nobody who he is accepts every login.</summary>
internal sealed class RegistryLoginCheck(RegistryAccess registries) : IRegistryLogin
{
    public async Task<RegistryCredential> VerifyAsync(string registry, RegistryCredential credential, CancellationToken cancellationToken)
    {
        try
        {
            await registries.For(registry, credential).PingAsync(cancellationToken).ConfigureAwait(false);
            return credential;
        }
        catch (RegistryException error) when (error.Kind == ErrorKind.Unauthenticated)
        {
            throw new RegistryException(
                ErrorKind.Unauthenticated, "RegistryLoginFailed", $"The registry {registry} does not accept the login of {credential}.", registry, "Check user and password; some registries take access tokens only.", error)
            {
                StatusCode = error.StatusCode,
                RetryAfter = error.RetryAfter,
            };
        }
    }
}
