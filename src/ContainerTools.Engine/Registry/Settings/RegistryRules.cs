using System.Security.Cryptography;

namespace ContainerTools.Engine.Registry.Settings;

/// <summary>What may be set of a registry.</summary>
internal static class RegistryRules
{
    /// <summary>Checks what needs no settings that are there already. Throws <c>InvalidRegistrySetting</c>.</summary>
    public static void Check(string registry, RegistryChange change)
    {
        foreach (var mirror in change.Mirror ?? [])
        {
            CheckMirror(registry, mirror);
        }

        if (change.CertificatePath is { Length: > 0 } path)
        {
            Load(path, "no certificates in PEM form", () =>
            {
                foreach (var certificate in RegistryCertificates.LoadAuthorities(path))
                {
                    certificate.Dispose();
                }
            });
        }
    }

    /// <summary>The settings after a change. Throws <c>InvalidRegistrySetting</c>.</summary>
    public static RegistrySettings Apply(RegistrySettings before, RegistryChange change)
    {
        var certificate = change.ClientCertificatePath ?? before.ClientCertificatePath ?? "";
        var key = change.ClientKeyPath ?? (change.ClientCertificatePath is null ? before.ClientKeyPath : null) ?? "";
        if (change.ClientCertificatePath is not null || change.ClientKeyPath is not null)
        {
            CheckClientCertificate(before.Name, certificate, key);
        }

        return before with
        {
            Mirrors = change.Mirror?.Select(mirror => mirror.TrimEnd('/')).ToList() ?? before.Mirrors,
            Blocked = change.Blocked ?? before.Blocked,
            AllowUnencrypted = change.AllowUnencrypted ?? before.AllowUnencrypted,
            SkipCertificateCheck = change.SkipCertificateCheck ?? before.SkipCertificateCheck,
            AuthorityPath = change.CertificatePath is null ? before.AuthorityPath : change.CertificatePath.Length == 0 ? null : change.CertificatePath,
            ClientCertificatePath = certificate.Length == 0 ? null : certificate,
            ClientKeyPath = key.Length == 0 ? null : key,
        };
    }

    /// <summary>True when the settings are those of a registry that nobody has set anything of.</summary>
    public static bool IsDefault(RegistrySettings settings) => settings is
        { Mirrors.Count: 0, Blocked: false, AllowUnencrypted: false, SkipCertificateCheck: false, AuthorityPath: null, ClientCertificatePath: null };

    public static ContainerToolsException Invalid(string message, object target, string mend, Exception? cause = null) => new(
        ErrorKind.InvalidArgument, "InvalidRegistrySetting", message, target, mend, cause);

    private static void CheckMirror(string registry, string mirror)
    {
        const string Mend = "Write it as https://mirror.example:5000, with a path if the mirror keeps the registry under one.";
        if (mirror.Contains('@', StringComparison.Ordinal))
        {
            // The address is not repeated: it may hold a password.
            throw Invalid($"The address of a mirror for {registry} names a user.", registry, "Write it without, and log in to the mirror with Connect-ContainerRegistry.");
        }

        if (!Uri.TryCreate(mirror, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
        {
            throw Invalid($"'{mirror}' is not the address of a mirror for {registry}.", mirror, Mend);
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Invalid($"The address of the mirror '{mirror}' for {registry} has a query or a fragment.", mirror, Mend);
        }
    }

    private static void CheckClientCertificate(string registry, string certificate, string key)
    {
        if (certificate.Length == 0)
        {
            if (key.Length > 0)
            {
                throw Invalid($"The key {key} for {registry} has no certificate.", key, "Give -ClientCertificatePath too.");
            }

            return;
        }

        Load(certificate, key.Length == 0 ? "no certificate with its key" : $"no certificate to which {key} is the key", () =>
        {
            using var loaded = RegistryCertificates.LoadClient(certificate, key.Length == 0 ? null : key);
            _ = loaded.HasPrivateKey ? true : throw new CryptographicException("its key is missing");
        });
    }

    private static void Load(string path, string what, Action load)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw Invalid($"The path '{path}' is not absolute.", path, "Name the file from the root on.");
        }

        try
        {
            load();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            var missing = error is FileNotFoundException or DirectoryNotFoundException;
            throw Invalid(missing ? $"There is no file {path}." : $"{path} holds {what}: {error.Message}", path, missing ? "Check the path." : "Give a file in PEM form, readable for root.", error);
        }
    }
}
