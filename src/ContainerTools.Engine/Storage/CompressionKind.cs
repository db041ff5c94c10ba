namespace ContainerTools.Engine.Storage;

/// <summary>Formats that can be read.</summary>
internal enum CompressionKind
{
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}
