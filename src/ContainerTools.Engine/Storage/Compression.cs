using System.IO.Compression;
using ContainerTools.Oci;
using SharpCompress.Compressors.Xz;

namespace ContainerTools.Engine.Storage;

/// <summary>Compression of a stream, recognised by its first bytes, never by a name.</summary>
internal static class Compression
{
    public const int MagicLength = 6;

    public static CompressionKind Detect(ReadOnlySpan<byte> magic) =>
        magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? CompressionKind.Gzip
        : magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? CompressionKind.Zstd
        : magic.StartsWith("BZh"u8) ? CompressionKind.Bzip2
        : magic.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? CompressionKind.Xz
        : CompressionKind.None;

    /// <summary>Media type of a layer's blob that is compressed so; throws <c>CompressionNotSupported</c> for what OCI has no type for.</summary>
    public static string LayerMediaType(CompressionKind kind, string subject) => kind switch
    {
        CompressionKind.None => MediaTypes.Layer,
        CompressionKind.Gzip => MediaTypes.LayerGzip,
        CompressionKind.Zstd => MediaTypes.LayerZstd,
        _ => throw NotSupported(kind, subject, "a layer can be plain, gzip or zstd"),
    };

    public static CompressionKind Of(string mediaType) => mediaType switch
    {
        MediaTypes.LayerGzip => CompressionKind.Gzip,
        MediaTypes.LayerZstd => CompressionKind.Zstd,
        _ => CompressionKind.None,
    };

    /// <summary>The plain stream of <paramref name="stream"/>, which its reader disposes.</summary>
    public static Stream Open(Stream stream, CompressionKind kind) => kind switch
    {
        CompressionKind.Gzip => new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true),
        CompressionKind.Zstd => new ZstdSharp.DecompressionStream(stream, bufferSize: 128 * 1024, leaveOpen: true),
        CompressionKind.Xz => new XZStream(stream),
        CompressionKind.None => stream,
        // There is no reader for .NET at hand that compares bzip2's checksums: damage would become content.
        _ => throw NotSupported(kind, "The archive", "plain, gzip, xz and zstd can be read"),
    };

    private static ContainerToolsException NotSupported(CompressionKind kind, string subject, string supported) => new(
        ErrorKind.NotSupported,
        "CompressionNotSupported",
        $"{subject} is compressed with {kind.ToString().ToLowerInvariant()}; {supported}.",
        subject,
        $"Decompress it first with '{(kind == CompressionKind.Xz ? "xz" : "bzip2")} -d'.");
}
