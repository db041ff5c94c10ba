namespace ContainerTools.Engine.Registry.Settings;

/// <summary>
/// Certificates that the host keeps for container engines: <c>HOST[:PORT]/*.crt</c> are authorities, <c>NAME.cert</c> with <c>NAME.key</c> is what the client shows
/// (docs.docker.com/engine/security/certificates). What the store has settings of comes from there instead.
/// </summary>
/// <param name="directory">Directory with one directory for each registry, <c>/etc/docker/certs.d</c> on a host.</param>
internal sealed class HostCertificates(string directory)
{
    /// <summary>Adds what the settings leave open. Throws <c>HostCertificatesInvalid</c>.</summary>
    public RegistrySettings Complete(RegistrySettings settings)
    {
        var own = Path.Combine(directory, settings.Name);
        if (!Directory.Exists(own))
        {
            return settings;
        }

        try
        {
            var names = Directory.EnumerateFiles(own).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList();
            var completed = settings with { AuthorityPath = settings.AuthorityPath ?? (names.Any(name => name.EndsWith(".crt", StringComparison.Ordinal)) ? own : null) };
            return settings.ClientCertificatePath is null && FindClient(own, names) is { } client
                ? completed with { ClientCertificatePath = client + ".cert", ClientKeyPath = client + ".key" }
                : completed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"The certificates in {own} cannot be read: {error.Message}", own, "Make the directory readable.", error);
        }
    }

    private static string? FindClient(string own, IReadOnlyList<string> names)
    {
        var certificates = Stems(names, ".cert");
        var keys = Stems(names, ".key");
        if (certificates.Except(keys).FirstOrDefault() is { } keyless)
        {
            throw Invalid($"{own} has no {keyless}.key for {keyless}.cert.", own, "Add the key. The certificate of an authority must be named *.crt.");
        }

        if (keys.Except(certificates).FirstOrDefault() is { } alone)
        {
            throw Invalid($"{own} has no {alone}.cert for {alone}.key.", own, "Add the certificate, or remove the key.");
        }

        return certificates.Count < 2
            ? certificates.Select(name => Path.Combine(own, name)).FirstOrDefault()
            : throw Invalid($"{own} has several client certificates.", own, $"Say which one is meant: Set-ContainerRegistry {Path.GetFileName(own)} -ClientCertificatePath FILE -ClientKeyPath FILE.");
    }

    private static List<string> Stems(IReadOnlyList<string> names, string extension) =>
        [.. names.Where(name => name.EndsWith(extension, StringComparison.Ordinal)).Select(name => name[..^extension.Length])];

    private static ContainerToolsException Invalid(string message, string target, string mend, Exception? cause = null) =>
        new(ErrorKind.InvalidArgument, "HostCertificatesInvalid", message, target, mend, cause);
}
