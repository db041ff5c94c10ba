namespace ContainerTools;

/// <summary>What is changed of how a registry is spoken to; what is null stays.</summary>
public sealed record RegistryChange
{
    /// <summary>Base addresses that are asked before the registry itself when something is pulled, in this order; an empty list takes all away.</summary>
    public IReadOnlyList<string>? Mirror { get; init; }

    /// <summary>Nothing may be pulled from it or pushed to it.</summary>
    public bool? Blocked { get; init; }

    /// <summary>Plain HTTP is spoken where HTTPS is not.</summary>
    public bool? AllowUnencrypted { get; init; }

    /// <summary>Any certificate is taken.</summary>
    public bool? SkipCertificateCheck { get; init; }

    /// <summary>Absolute path of the PEM file of the authorities that are trusted besides the system's, or of a directory whose <c>*.crt</c> are such files; an empty text takes them away.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Absolute path of a PEM or PKCS#12 file with the certificate that this client shows; an empty text takes it and its key away.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>Absolute path of the PEM file of its key; an empty text means that the certificate's file has it.</summary>
    public string? ClientKeyPath { get; init; }
}
