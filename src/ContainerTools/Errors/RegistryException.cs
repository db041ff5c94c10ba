namespace ContainerTools;

/// <summary>What a registry, or the way to it, refused.</summary>
public sealed class RegistryException : ContainerToolsException
{
    /// <summary>Makes an error about a registry; see <see cref="ContainerToolsException"/>.</summary>
    public RegistryException(
        ErrorKind kind, string code, string message, object? target = null, string? recommendedAction = null, Exception? innerException = null)
        : base(kind, code, message, target, recommendedAction, innerException)
    {
    }

    /// <summary>Status of the HTTP response; null when there was none.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How long the registry asks to wait before the next try; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
