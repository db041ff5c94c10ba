using ContainerTools.Engine.Registry.Credentials;
using ContainerTools.Engine.Registry.Settings;

namespace ContainerTools.Engine.Registry;

/// <summary>What users do with registries: settings and logins.</summary>
/// <param name="settings">How registries are spoken to.</param>
/// <param name="logins">As whom.</param>
/// <param name="check">Asks a registry whether it accepts a login.</param>
internal sealed partial class RegistryOperations(RegistrySettingsStore settings, RegistryCredentialStore logins, IRegistryLogin check) : IRegistryOperations
{
    public IReadOnlyList<string> SearchOrder => settings.SearchOrder;

    public async Task<IReadOnlyList<ContainerRegistry>> ListAsync(CancellationToken cancellationToken)
    {
        var configured = settings.List().ToDictionary(registry => registry.Name);
        var connected = (await logins.ListAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(known => known.Registry);
        var order = SearchOrder;
        return [.. configured.Keys.Union(order).Union(connected.Keys).Order(StringComparer.Ordinal).Select(name => ToRegistry(name, configured.GetValueOrDefault(name), order, connected.GetValueOrDefault(name)))];
    }

    public async Task<ContainerRegistry> GetAsync(string registry, CancellationToken cancellationToken)
    {
        var name = RegistryNames.Normalize(registry);
        return (await ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(known => known.Name == name)
            ?? ToRegistry(name, null, [], null);
    }

    public void Change(string registry, RegistryChange change) => settings.Change(registry, change);

    public void Remove(string registry) => settings.Remove(registry);

    public void SetSearchOrder(IReadOnlyList<string> registries) => settings.SetSearchOrder(registries);

    private static ContainerRegistry ToRegistry(string name, RegistrySettings? settings, IReadOnlyList<string> order, RegistryLogin? login)
    {
        var known = settings ?? new RegistrySettings { Name = name };
        var position = order.ToList().IndexOf(name);
        return new ContainerRegistry
        {
            Name = name,
            Mirror = known.Mirrors,
            Blocked = known.Blocked,
            AllowUnencrypted = known.AllowUnencrypted,
            SkipCertificateCheck = known.SkipCertificateCheck,
            CertificatePath = known.AuthorityPath,
            ClientCertificatePath = known.ClientCertificatePath,
            ClientKeyPath = known.ClientKeyPath,
            SearchPosition = position < 0 ? null : position + 1,
            Configured = settings is not null,
            CredentialStore = login?.CredentialStore,
            UserName = login?.UserName,
        };
    }
}
