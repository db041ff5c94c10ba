namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>One registry whose login a vault keeps.</summary>
internal sealed record VaultBinding(string Registry, string Vault, string UserName)
{
    /// <summary>The secret's name in the vault.</summary>
    public string SecretName => "ContainerRegistry/" + Registry;
}
