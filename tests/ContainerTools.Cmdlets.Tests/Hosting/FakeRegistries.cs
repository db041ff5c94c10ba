namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeRegistries : IRegistryOperations
{
    public List<ContainerRegistry> All { get; } = [];

    public List<string> Calls { get; } = [];

    public RegistryChange? LastChange { get; private set; }

    public RegistryLoginRequest? LastLogin { get; private set; }

    public System.Net.NetworkCredential? FromVault { get; private set; }

    public IReadOnlyList<string> SearchOrder { get; private set; } = ["docker.io"];

    public Task<IReadOnlyList<ContainerRegistry>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ContainerRegistry>>(All);

    public Task<ContainerRegistry> GetAsync(string registry, CancellationToken cancellationToken) =>
        Task.FromResult(All.Find(known => known.Name == registry) ?? new ContainerRegistry { Name = registry });

    public void Change(string registry, RegistryChange change)
    {
        LastChange = change;
        Calls.Add($"change {registry}");
    }

    public void Remove(string registry)
    {
        _ = All.Find(known => known.Name == registry && known.Configured) ?? throw new ContainerToolsException(ErrorKind.NotFound, "RegistryNotFound", $"No settings of '{registry}'.", registry);
        Calls.Add($"remove {registry}");
    }

    public void SetSearchOrder(IReadOnlyList<string> registries) => SearchOrder = registries;

    /// <summary>Accepts every password but <c>wrong</c>; with a vault, the session's keeps it and gives it back.</summary>
    public async Task<RegistryLogin> ConnectAsync(RegistryLoginRequest request, CancellationToken cancellationToken)
    {
        LastLogin = request;
        if (request.Credential.Password == "wrong")
        {
            throw new ContainerToolsException(ErrorKind.Unauthenticated, "RegistryLoginFailed", $"{request.Registry} does not accept {request.Credential.UserName}.", request.Registry, "Check the password.");
        }

        if (request.Vault is { } vault)
        {
            await SecretVaults.Current!.SetAsync(vault, request.Registry, request.Credential, cancellationToken);
            FromVault = await SecretVaults.Current!.GetAsync(vault, request.Registry, cancellationToken);
        }

        var login = new RegistryLogin { Registry = request.Registry, UserName = request.Credential.UserName, CredentialStore = request.Vault is null ? "/root/.docker/config.json" : "vault " + request.Vault };
        All.Add(new ContainerRegistry { Name = login.Registry, UserName = login.UserName, CredentialStore = login.CredentialStore });
        return login;
    }

    public async Task DisconnectAsync(string registry, CancellationToken cancellationToken)
    {
        var known = All.Find(known => known.Name == registry && known.CredentialStore is not null) ?? throw new ContainerToolsException(ErrorKind.NotFound, "RegistryLoginNotFound", $"Nobody is logged in to '{registry}'.", registry);
        if (known.CredentialStore!.StartsWith("vault ", StringComparison.Ordinal))
        {
            await SecretVaults.Current!.RemoveAsync(known.CredentialStore[6..], registry, cancellationToken);
        }

        Calls.Add($"disconnect {registry}");
    }
}
