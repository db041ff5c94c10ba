namespace ContainerTools;

/// <summary>A registry as this store and this user know it: how it is spoken to, and who is logged in.</summary>
public sealed record ContainerRegistry
{
    /// <summary>Host, with port if any, as image names have it: <c>docker.io</c>, <c>registry.example:5000</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Base addresses that are asked before the registry itself when something is pulled.</summary>
    public IReadOnlyList<string> Mirror { get; init => field = value.ToArray(); } = [];

    /// <summary>Nothing may be pulled from it or pushed to it.</summary>
    public bool Blocked { get; init; }

    /// <summary>Plain HTTP is spoken where HTTPS is not.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Any certificate is taken.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>PEM file of the authorities that are trusted for it besides the system's, or a directory whose <c>*.crt</c> are such files; null when none.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM or PKCS#12 file of the certificate that this client shows; null when none.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>PEM file of its key; null when the certificate's file has it.</summary>
    public string? ClientKeyPath { get; init; }

    /// <summary>Its place, from 1, among the registries that a name without one may mean; null when it has none.</summary>
    public int? SearchPosition { get; init; }

    /// <summary>True when the store keeps settings for it, which <c>Remove-ContainerRegistry</c> forgets.</summary>
    public bool Configured { get; init; }

    /// <summary>Where a login is kept, see <see cref="RegistryLogin.CredentialStore"/>; null when nobody is logged in.</summary>
    public string? CredentialStore { get; init; }

    /// <summary>Who is logged in; null when nobody is, or where the login is kept does not say.</summary>
    public string? UserName { get; init; }

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
