namespace ContainerTools.Oci.Monitoring;

/// <summary>A rotated log in Docker's json-file form: one <c>{"log":…,"stream":…,"time":…}</c> a line.</summary>
public sealed record LogSpec
{
    /// <summary>Path of the newest file; older ones are <c>PATH.1</c>, <c>PATH.2</c> and so on.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes at which a file is rotated.</summary>
    public long MaximumSize { get; init; } = 10_000_000;

    /// <summary>Files kept, the newest included.</summary>
    public int MaximumFiles { get; init; } = 3;
}
