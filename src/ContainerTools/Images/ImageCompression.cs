namespace ContainerTools;

/// <summary>How layers are compressed for a registry or an archive.</summary>
public enum ImageCompression
{
    /// <summary>gzip, which everybody reads.</summary>
    Gzip,

    /// <summary>Zstandard, which is smaller and faster to read.</summary>
    Zstd,

    /// <summary>Not at all.</summary>
    None,
}
