namespace ContainerTools.Engine.Registry;

/// <summary>How one registry is spoken to.</summary>
internal sealed record RegistrySettings
{
    /// <summary>Host, with port if any, as image names have it: <c>docker.io</c>, <c>registry.example:5000</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Base addresses that are asked before the registry itself when something is pulled: <c>https://mirror.example:5000</c>, with a path if the mirror keeps it under one.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>Nothing may be pulled from it or pushed to it.</summary>
    public bool Blocked { get; init; }

    /// <summary>Plain HTTP is spoken where HTTPS is not.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Any certificate is taken.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>PEM file of the authorities that are trusted for this registry besides the system's, or a directory whose <c>*.crt</c> are such files; null when none.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>PEM or PKCS#12 file of the certificate that this client shows; null when none.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>PEM file of its key; null when the certificate's file has it.</summary>
    public string? ClientKeyPath { get; init; }
}
