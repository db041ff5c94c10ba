using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>Which PowerShell vault keeps the login to which registry, kept in the catalogue.</summary>
internal sealed class VaultBindings(Catalog catalog)
{
    /// <summary>The binding of a registry; null when no vault keeps its login.</summary>
    public VaultBinding? Find(string registry) => List().FirstOrDefault(binding => binding.Registry == registry);

    /// <summary>All, by registry.</summary>
    public IReadOnlyList<VaultBinding> List() => catalog.Read(connection => connection.Query(
        "SELECT registry, vault, user_name FROM registry_vaults ORDER BY registry", row => new VaultBinding(row.GetString(0), row.GetString(1), row.GetString(2))));

    /// <summary>Binds a registry, in place of a binding that it has.</summary>
    public void Set(VaultBinding binding) => catalog.Write(connection => connection.Execute(
        "INSERT OR REPLACE INTO registry_vaults (registry, vault, user_name) VALUES ($registry, $vault, $user)", ("$registry", binding.Registry), ("$vault", binding.Vault), ("$user", binding.UserName)));

    /// <summary>Forgets a binding.</summary>
    public void Remove(string registry) => catalog.WriteFreeing(connection => connection.Execute("DELETE FROM registry_vaults WHERE registry = $registry", ("$registry", registry)));
}
