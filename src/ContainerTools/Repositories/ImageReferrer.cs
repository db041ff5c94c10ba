namespace ContainerTools;

/// <summary>A manifest that is about another.</summary>
public sealed record ImageReferrer
{
    /// <summary><c>registry/repository@sha256:…</c>; binds to <c>Receive-Image -Name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, the same way.</summary>
    public required string Subject { get; init; }

    /// <summary>What it is; empty when it does not say.</summary>
    public string ArtifactType { get; init; } = "";

    /// <summary>Digest of the manifest.</summary>
    public required string Digest { get; init; }

    /// <summary>Media type of the manifest.</summary>
    public required string MediaType { get; init; }

    /// <summary>Bytes of the manifest.</summary>
    public long Size { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The name that binds back.</summary>
    public override string ToString() => Name;
}
