using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ContainerTools.Engine.Registry;

/// <summary>Reads the files of certificates that settings name. Throws what cryptography and files throw.</summary>
internal static class RegistryCertificates
{
    /// <summary>Authorities of a PEM file, or of all <c>*.crt</c> of a directory; at least one.</summary>
    public static X509Certificate2Collection LoadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        foreach (var file in Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.crt") : [path])
        {
            authorities.ImportFromPemFile(file);
        }

        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
    }

    /// <summary>A certificate with its key, from a PKCS#12 file, a PEM file with both, or two PEM files.</summary>
    public static X509Certificate2 LoadClient(string path, string? key) => X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12
        ? X509CertificateLoader.LoadPkcs12FromFile(path, null)
        : X509Certificate2.CreateFromPemFile(path, key);
}
