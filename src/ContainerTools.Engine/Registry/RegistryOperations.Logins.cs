using ContainerTools.Engine.Registry.Credentials;

namespace ContainerTools.Engine.Registry;

/// <content>Logins.</content>
internal sealed partial class RegistryOperations
{
    public async Task<RegistryLogin> ConnectAsync(RegistryLoginRequest request, CancellationToken cancellationToken)
    {
        var registry = RegistryNames.Normalize(request.Registry);
        var given = Check(registry, request);
        var accepted = await check.VerifyAsync(registry, given, cancellationToken).ConfigureAwait(false);
        // Who a token stands for is worth keeping beside it.
        return await logins.StoreAsync(registry, accepted with { UserName = given.UserName }, request.Vault, cancellationToken).ConfigureAwait(false);
    }

    public async Task DisconnectAsync(string registry, CancellationToken cancellationToken)
    {
        var name = RegistryNames.Normalize(registry);
        if (!await logins.RemoveAsync(name, cancellationToken).ConfigureAwait(false))
        {
            throw new ContainerToolsException(ErrorKind.NotFound, "RegistryLoginNotFound", $"Nobody is logged in to {name}.", name, "Get-ContainerRegistry lists logins.");
        }
    }

    private static RegistryCredential Check(string registry, RegistryLoginRequest request)
    {
        var (user, secret) = (request.Credential.UserName, request.Credential.Password);
        if (user == CredentialHelper.TokenUser && secret.Length > 0)
        {
            return new RegistryCredential("", secret, IsIdentityToken: true);
        }

        // RFC 7617 sends both with a colon between.
        return user.Length > 0 && secret.Length > 0 && !user.Contains(':', StringComparison.Ordinal)
            ? new RegistryCredential(user, secret)
            : throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidRegistryCredential", $"The credential for {registry} has {(user.Length == 0 ? "no user" : secret.Length == 0 ? "no password" : "a user with a colon")}.", registry,
                "Give user and password, or user and access token; the user <token> goes with an identity token.");
    }
}
