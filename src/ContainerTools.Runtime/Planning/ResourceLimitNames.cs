namespace ContainerTools.Runtime.Planning;

/// <summary>Resource limits by name (getrlimit(2)).</summary>
internal static class ResourceLimitNames
{
    private static readonly string[] Names =
    [
        "CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME",
    ];

    /// <summary>Number of <c>RLIMIT_NOFILE</c> and the like.</summary>
    public static int ToNumber(string type)
    {
        int number = type.StartsWith("RLIMIT_", StringComparison.Ordinal) ? Array.IndexOf(Names, type[7..]) : -1;
        return number >= 0 ? number : throw new FormatException($"'{type}' is not a resource limit. Use a name such as RLIMIT_NOFILE.");
    }
}
