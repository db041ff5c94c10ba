using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Certificates that a test writes into its directory.</summary>
internal static class CertificateFiles
{
    /// <summary>Writes a self-signed certificate and its key in PEM form.</summary>
    public static void Write(string certificatePath, string? keyPath = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(certificatePath)!);
        using var certificate = New(out var key);
        using (key)
        {
            File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
            if (keyPath is not null)
            {
                File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
            }
        }
    }

    /// <summary>Writes a self-signed certificate with its key in PKCS#12 form.</summary>
    public static void WritePkcs12(string path)
    {
        using var certificate = New(out var key);
        using (key)
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx));
        }
    }

    private static X509Certificate2 New(out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
