using System.IO.Compression;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>Compression of a stream, recognised by its first bytes.</summary>
internal static class Compression
{
    public const int MagicLength = 6;

    /// <summary>Media type of a layer that begins with <paramref name="magic"/>; throws <c>CompressionNotSupported</c>.</summary>
    public static string LayerMediaType(ReadOnlySpan<byte> magic, string subject)
    {
        if (magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return MediaTypes.LayerGzip;
        }

        if (magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]))
        {
            return MediaTypes.LayerZstd;
        }

        var other = magic.StartsWith("BZh"u8) ? "bzip2" : magic.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz" : null;
        return other is null
            ? MediaTypes.Layer
            : throw new ContainerToolsException(
                ErrorKind.NotSupported,
                "CompressionNotSupported",
                $"{subject} is compressed with {other}; plain, gzip and zstd can be read.",
                subject,
                $"Decompress it first with '{(other == "xz" ? "xz" : "bzip2")} -d'.");
    }

    /// <summary>The plain stream of <paramref name="stream"/>, which is left open.</summary>
    public static Stream Open(Stream stream, string mediaType) => mediaType switch
    {
        MediaTypes.LayerGzip => new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true),
        MediaTypes.LayerZstd => new ZstdSharp.DecompressionStream(stream, bufferSize: 128 * 1024, leaveOpen: true),
        _ => stream,
    };
}
