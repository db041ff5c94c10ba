namespace ContainerTools.Engine.Registry;

/// <summary>Who this host is to a registry. Its text form hides the secret.</summary>
/// <param name="UserName">User; empty with an identity token.</param>
/// <param name="Secret">Password or access token; or, when <paramref name="IsIdentityToken"/> is set, an OAuth2 refresh token.</param>
/// <param name="IsIdentityToken">True for a refresh token.</param>
internal sealed record RegistryCredential(string UserName, string Secret, bool IsIdentityToken = false)
{
    public override string ToString() => IsIdentityToken ? "identity token" : UserName;
}
