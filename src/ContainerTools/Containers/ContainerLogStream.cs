namespace ContainerTools;

/// <summary>The stream a log entry came from.</summary>
public enum ContainerLogStream
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,
}
