namespace ContainerTools.Engine.Registry;

/// <summary>Asks a registry whether it accepts a login.</summary>
internal interface IRegistryLogin
{
    /// <summary>The login to keep: the one that is given, or the identity token that the registry gives for it. Throws <c>RegistryLoginFailed</c>, and what the way to the registry throws.</summary>
    Task<RegistryCredential> VerifyAsync(string registry, RegistryCredential credential, CancellationToken cancellationToken);
}
