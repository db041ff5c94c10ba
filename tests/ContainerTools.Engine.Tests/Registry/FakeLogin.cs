using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>A registry that accepts every password but <c>wrong</c>, and gives an identity token for <c>exchange</c>.</summary>
internal sealed class FakeLogin : IRegistryLogin
{
    public Task<RegistryCredential> VerifyAsync(string registry, RegistryCredential credential, CancellationToken cancellationToken) => credential.Secret switch
    {
        "wrong" => throw new RegistryException(ErrorKind.Unauthenticated, "RegistryLoginFailed", $"{registry} does not accept {credential}.", registry),
        "exchange" => Task.FromResult(new RegistryCredential("", "refresh-token", IsIdentityToken: true)),
        _ => Task.FromResult(credential),
    };
}
