using System.Net;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>
/// Logins of this user. A vault that the registry is bound to goes before files, and these go in the order of <see cref="CredentialLocations.Files"/>; in each, a helper that it names for the
/// registry goes before what stands in the file itself.
/// </summary>
internal sealed class RegistryCredentialStore(Func<CredentialLocations> locations, VaultBindings bindings) : IRegistryCredentials
{
    public async ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken)
    {
        var name = registry.ToLowerInvariant();
        if (bindings.Find(name) is { } binding)
        {
            return FromVault(await Vaults(binding.Vault, name).GetAsync(binding.Vault, binding.SecretName, cancellationToken).ConfigureAwait(false));
        }

        foreach (var (file, config, helper) in Places(name))
        {
            foreach (var key in helper is null ? [] : RegistryNames.KeysOf(name))
            {
                if (await helper!.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } kept)
                {
                    return kept;
                }
            }

            if (config.Find(name) is { } entry)
            {
                return file.Open(entry.Key, entry.Auth);
            }
        }

        return null;
    }

    /// <summary>All logins; of several to one registry, the one that is used. A helper that cannot list is left out: it says why when it is asked for a login.</summary>
    public async Task<IReadOnlyList<RegistryLogin>> ListAsync(CancellationToken cancellationToken)
    {
        var found = bindings.List().Select(VaultLogin).ToList();
        var search = locations();
        foreach (var file in search.Files.Select(path => new DockerConfigFile(path)))
        {
            var config = file.Read();
            foreach (var helper in (config.CredentialHelpers?.Values ?? []).Append(config.CredentialStore).OfType<string>().Where(name => name.Length > 0).Distinct())
            {
                found.AddRange(await ListAsync(new CredentialHelper(helper, file.Path, search.SearchPath), registry => config.HelperOf(registry) == helper, cancellationToken).ConfigureAwait(false));
            }

            found.AddRange(
                from registry in (config.Auths?.Keys ?? []).Select(RegistryNames.FromKey).OfType<string>().Distinct()
                let entry = config.Find(registry)
                where entry is not null
                select new RegistryLogin { Registry = registry, UserName = Known(entry.Value.Auth.Decode()?.UserName), CredentialStore = file.Path });
        }

        return [.. found.DistinctBy(login => login.Registry).OrderBy(login => login.Registry, StringComparer.Ordinal)];
    }

    /// <summary>Keeps a login in place of the one that is there.</summary>
    /// <param name="registry">Name in its one form.</param>
    /// <param name="credential">The login.</param>
    /// <param name="vault">The vault to keep it in; null means the first file, or the helper that it names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RegistryLogin> StoreAsync(string registry, RegistryCredential credential, string? vault, CancellationToken cancellationToken)
    {
        if (vault is not null)
        {
            var binding = new VaultBinding(registry, vault, credential.UserName);
            await Vaults(vault, registry).SetAsync(vault, binding.SecretName, ToVault(credential), cancellationToken).ConfigureAwait(false);
            bindings.Set(binding);
            await RemoveFromFilesAsync(registry, cancellationToken).ConfigureAwait(false);
            return VaultLogin(binding);
        }

        var (file, _, helper) = Places(registry).First();
        if (helper is not null)
        {
            await helper.StoreAsync(RegistryNames.KeysOf(registry)[0], credential, cancellationToken).ConfigureAwait(false);
        }

        // With a helper an empty entry marks the login, as Docker leaves it.
        file.Set(registry, helper is null ? DockerAuth.Of(credential) : new DockerAuth());
        await RemoveFromVaultAsync(registry, cancellationToken).ConfigureAwait(false);
        return new RegistryLogin { Registry = registry, UserName = Known(credential.UserName), CredentialStore = helper?.Program ?? file.Path };
    }

    /// <summary>Forgets a login wherever it is kept; false when there is none.</summary>
    public async Task<bool> RemoveAsync(string registry, CancellationToken cancellationToken) =>
        await RemoveFromFilesAsync(registry, cancellationToken).ConfigureAwait(false) | await RemoveFromVaultAsync(registry, cancellationToken).ConfigureAwait(false);

    private async Task<bool> RemoveFromFilesAsync(string registry, CancellationToken cancellationToken)
    {
        var removed = false;
        foreach (var (file, _, helper) in Places(registry).ToList())
        {
            foreach (var key in helper is null ? [] : RegistryNames.KeysOf(registry))
            {
                // Some helpers erase what is not there without a word: only what they give counts.
                if (await helper!.GetAsync(key, cancellationToken).ConfigureAwait(false) is not null)
                {
                    removed |= await helper.EraseAsync(key, cancellationToken).ConfigureAwait(false);
                }
            }

            removed |= file.Remove(registry);
        }

        return removed;
    }

    private async Task<bool> RemoveFromVaultAsync(string registry, CancellationToken cancellationToken)
    {
        if (bindings.Find(registry) is not { } binding)
        {
            return false;
        }

        // First the binding: whatever becomes of the vault, its secret is not used any more.
        bindings.Remove(registry);
        await Vaults(binding.Vault, registry).RemoveAsync(binding.Vault, binding.SecretName, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private IEnumerable<(DockerConfigFile File, DockerConfig Config, CredentialHelper? Helper)> Places(string registry)
    {
        var search = locations();
        foreach (var file in search.Files.Select(path => new DockerConfigFile(path)))
        {
            var config = file.Read();
            yield return (file, config, config.HelperOf(registry) is { } helper ? new CredentialHelper(helper, file.Path, search.SearchPath) : null);
        }
    }

    private static async Task<IReadOnlyList<RegistryLogin>> ListAsync(CredentialHelper helper, Func<string, bool> isIts, CancellationToken cancellationToken)
    {
        try
        {
            return
            [
                .. from pair in await helper.ListAsync(cancellationToken).ConfigureAwait(false)
                   let registry = RegistryNames.FromKey(pair.Key)
                   where registry is not null && isIts(registry)
                   select new RegistryLogin { Registry = registry, UserName = Known(pair.Value), CredentialStore = helper.Program },
            ];
        }
        catch (ContainerToolsException error) when (error.Code == "CredentialHelperFailed")
        {
            return [];
        }
    }

    private static ISecretVaults Vaults(string vault, string registry) => SecretVaults.Current ?? throw new ContainerToolsException(
        ErrorKind.NotSupported, "VaultUnavailable", $"The login to {registry} is kept in the vault '{vault}', which only a PowerShell session can open.", registry,
        "Use the cmdlets, or log in without -Vault.");

    private static RegistryLogin VaultLogin(VaultBinding binding) => new() { Registry = binding.Registry, UserName = Known(binding.UserName), CredentialStore = "vault " + binding.Vault };

    private static RegistryCredential FromVault(NetworkCredential kept) =>
        kept.UserName == CredentialHelper.TokenUser ? new RegistryCredential("", kept.Password, IsIdentityToken: true) : new RegistryCredential(kept.UserName, kept.Password);

    private static NetworkCredential ToVault(RegistryCredential credential) => new(credential.IsIdentityToken ? CredentialHelper.TokenUser : credential.UserName, credential.Secret);

    private static string? Known(string? user) => user is null or "" or CredentialHelper.TokenUser ? null : user;
}
