namespace ContainerTools;

/// <summary>Input of <see cref="IRepositoryOperations.CopyAsync"/>.</summary>
public sealed record ImageCopyRequest
{
    /// <summary>What to copy: <c>registry/repository[:tag|@digest]</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Where to: <c>registry/repository[:tag]</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>Platforms to copy of an index: one gives its image, several an index of them; empty copies the whole index.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Copy also what refers to it: signatures, attestations.</summary>
    public bool Referrers { get; init; }

    /// <summary>How transfers are made.</summary>
    public TransferOptions Transfer { get; init; } = new();
}
