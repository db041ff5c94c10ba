using System.Text.Json;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Registry.Settings;

/// <summary>Settings of registries, kept in the catalogue for all processes.</summary>
/// <param name="catalog">The store's catalogue.</param>
/// <param name="hostCertificates">Certificates of registries that name none of their own.</param>
internal sealed class RegistrySettingsStore(Catalog catalog, HostCertificates hostCertificates) : IRegistrySettings
{
    private const string SearchOrderSetting = "registry_search_order";
    private readonly StoreSettings _store = new(catalog);

    public IReadOnlyList<string> SearchOrder => _store.Read(SearchOrderSetting)?.Split(' ') ?? [RegistryNames.DockerHub];

    public RegistrySettings Find(string registry) => hostCertificates.Complete(Read(registry.ToLowerInvariant()));

    /// <summary>All that somebody has made, by name.</summary>
    public IReadOnlyList<RegistrySettings> List() => catalog.Read(connection => connection.Query("SELECT spec FROM registries ORDER BY name", row => Parse(row.GetString(0))));

    /// <summary>Changes settings of one registry. Throws <c>InvalidRegistryName</c>, <c>InvalidRegistrySetting</c>.</summary>
    public void Change(string registry, RegistryChange change)
    {
        var name = RegistryNames.Normalize(registry);
        RegistryRules.Check(name, change);
        catalog.Write(connection =>
        {
            var spec = connection.Scalar<string>("SELECT spec FROM registries WHERE name = $name", ("$name", name));
            var changed = RegistryRules.Apply(spec is null ? new RegistrySettings { Name = name } : Parse(spec), change);
            return RegistryRules.IsDefault(changed)
                ? connection.Execute("DELETE FROM registries WHERE name = $name", ("$name", name))
                : connection.Execute("INSERT OR REPLACE INTO registries (name, spec) VALUES ($name, $spec)", ("$name", name), ("$spec", JsonSerializer.Serialize(changed, RegistryJson.Default.RegistrySettings)));
        });
    }

    /// <summary>Forgets them. Throws <c>InvalidRegistryName</c>, <c>RegistryNotFound</c>.</summary>
    public void Remove(string registry)
    {
        var name = RegistryNames.Normalize(registry);
        if (catalog.WriteFreeing(connection => connection.Execute("DELETE FROM registries WHERE name = $name", ("$name", name))) == 0)
        {
            throw new ContainerToolsException(ErrorKind.NotFound, "RegistryNotFound", $"No settings are kept for the registry '{name}'.", name, "Get-ContainerRegistry lists those that have some.");
        }
    }

    /// <summary>Changes the search order; an empty list goes back to Docker Hub alone. Throws <c>InvalidRegistryName</c>, <c>InvalidRegistrySetting</c>.</summary>
    public void SetSearchOrder(IReadOnlyList<string> registries)
    {
        var names = registries.Select(RegistryNames.Normalize).ToList();
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw RegistryRules.Invalid($"The search order names '{twice.Key}' twice.", twice.Key, "Name each registry once.");
        }

        _store.Write(SearchOrderSetting, names is [] or [RegistryNames.DockerHub] ? null : string.Join(' ', names));
    }

    private RegistrySettings Read(string name) =>
        catalog.Read(connection => connection.Scalar<string>("SELECT spec FROM registries WHERE name = $name", ("$name", name))) is { } spec ? Parse(spec) : new RegistrySettings { Name = name };

    private static RegistrySettings Parse(string spec) => JsonSerializer.Deserialize(spec, RegistryJson.Default.RegistrySettings)!;
}
