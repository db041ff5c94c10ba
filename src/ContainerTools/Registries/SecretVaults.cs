namespace ContainerTools;

/// <summary>
/// The vaults that an operation of the engine may open. The engine serves all sessions of a process, but a vault belongs to the session that called: so the session offers its vaults to the
/// flow of one call, and to what that call starts.
/// </summary>
public static class SecretVaults
{
    private static readonly AsyncLocal<ISecretVaults?> Offered = new();

    /// <summary>Those of the session on whose behalf this code runs; null when nobody offers any, as behind the REST API.</summary>
    public static ISecretVaults? Current
    {
        get => Offered.Value;
        set => Offered.Value = value;
    }
}
