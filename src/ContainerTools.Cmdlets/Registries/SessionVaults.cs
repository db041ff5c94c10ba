using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Net;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Vaults of the session that a cmdlet runs in, by the commands of Microsoft.PowerShell.SecretManagement. The engine asks on whatever thread it likes; a session answers on the pipeline's, where a
/// vault may also ask for its password.
/// </summary>
internal sealed class SessionVaults(PSCmdlet cmdlet, Action<Action> post) : ISecretVaults
{
    /// <summary>What starts a task of the engine, such that the task finds the session's vaults.</summary>
    public static Func<Action<Action>, CancellationToken, Task<T>> Offer<T>(PSCmdlet cmdlet, Func<Action<Action>, CancellationToken, Task<T>> start) => (post, token) =>
    {
        SecretVaults.Current = new SessionVaults(cmdlet, post);
        return start(post, token);
    };

    public async Task<NetworkCredential> GetAsync(string vault, string name, CancellationToken cancellationToken)
    {
        var found = await InvokeAsync("Get-Secret", vault, name, null, cancellationToken).ConfigureAwait(false);
        return found is [{ BaseObject: PSCredential credential }]
            ? new NetworkCredential(credential.UserName, credential.Password)
            : throw Failed(vault, $"The secret '{name}' of the vault '{vault}' is not one credential.");
    }

    public Task SetAsync(string vault, string name, NetworkCredential credential, CancellationToken cancellationToken) =>
        InvokeAsync("Set-Secret", vault, name, new PSCredential(credential.UserName, credential.SecurePassword), cancellationToken);

    public Task RemoveAsync(string vault, string name, CancellationToken cancellationToken) => InvokeAsync("Remove-Secret", vault, name, null, cancellationToken);

    private Task<Collection<PSObject>> InvokeAsync(string command, string vault, string name, PSCredential? secret, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<Collection<PSObject>>(TaskCreationOptions.RunContinuationsAsynchronously);
        post(() =>
        {
            try
            {
                done.SetResult(Invoke(command, vault, name, secret));
            }
            catch (PipelineStoppedException)
            {
                done.SetCanceled(CancellationToken.None);
                throw;
            }
            catch (Exception error) when (error is ContainerToolsException or RuntimeException)
            {
                done.SetException(error is RuntimeException ? Failed(vault, command, name, error.Message, secret) : error);
            }
        });
        return done.Task.WaitAsync(cancellationToken);
    }

    private Collection<PSObject> Invoke(string command, string vault, string name, PSCredential? secret)
    {
        if (cmdlet.InvokeCommand.GetCommand(command, CommandTypes.Function | CommandTypes.Cmdlet) is null)
        {
            throw new ContainerToolsException(
                ErrorKind.NotSupported, "SecretManagementMissing", $"The vault '{vault}' cannot be opened: this session has no {command}.", vault, "Install-PSResource Microsoft.PowerShell.SecretManagement, and a vault extension.");
        }

        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        // Without a scope of its own a function would leave its parameters, the secret among them, in the caller's variables.
        shell.AddCommand(command, useLocalScope: true).AddParameter("Name", name).AddParameter("Vault", vault);
        if (secret is not null)
        {
            shell.AddParameter("Secret", secret);
        }

        var output = shell.Invoke();
        return shell.Streams.Error.FirstOrDefault() is { } failure
            ? throw Failed(vault, command, name, failure.ToString(), secret)
            : output;
    }

    // A vault may repeat what it was told; so its error is not passed on as the cause, and its message without the secret.
    private static ContainerToolsException Failed(string vault, string command, string name, string message, PSCredential? secret)
    {
        var shown = secret is not null && new NetworkCredential("", secret.Password).Password is { Length: > 0 } password ? message.Replace(password, "***", StringComparison.Ordinal) : message;
        return Failed(vault, $"{command} failed for the secret '{name}' of the vault '{vault}': {shown}");
    }

    private static ContainerToolsException Failed(string vault, string message) =>
        new(ErrorKind.Unavailable, "VaultFailed", message, vault, "Get-SecretVault lists the vaults of this session; Connect-ContainerRegistry keeps the login anew.");
}
