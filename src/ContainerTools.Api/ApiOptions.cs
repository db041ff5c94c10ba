namespace ContainerTools.Api;

/// <summary>How the server listens.</summary>
public sealed record ApiOptions
{
    /// <summary>Absolute path of the Unix socket to make.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Permission bits of the socket; by default its owner alone may connect, for whoever may connect is root.</summary>
    public UnixFileMode SocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;
}
