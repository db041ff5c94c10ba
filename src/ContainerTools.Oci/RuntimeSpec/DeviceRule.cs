namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>One rule of device access.</summary>
public sealed record DeviceRule
{
    /// <summary>Allow, or deny.</summary>
    public bool Allow { get; init; }

    /// <summary><c>c</c>, <c>b</c> or <c>a</c> (all); null means all.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; null means any.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; null means any.</summary>
    public long? Minor { get; init; }

    /// <summary>Letters of <c>rwm</c>; null means all.</summary>
    public string? Access { get; init; }
}
