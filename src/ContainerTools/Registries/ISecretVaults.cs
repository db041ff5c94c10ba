using System.Net;

namespace ContainerTools;

/// <summary>Vaults of a PowerShell session (SecretManagement), by name. Every method throws <see cref="ContainerToolsException"/> (<c>SecretManagementMissing</c>, <c>VaultFailed</c>).</summary>
public interface ISecretVaults
{
    /// <summary>Reads a credential.</summary>
    Task<NetworkCredential> GetAsync(string vault, string name, CancellationToken cancellationToken);

    /// <summary>Keeps a credential, in place of one of that name.</summary>
    Task SetAsync(string vault, string name, NetworkCredential credential, CancellationToken cancellationToken);

    /// <summary>Removes a credential.</summary>
    Task RemoveAsync(string vault, string name, CancellationToken cancellationToken);
}
