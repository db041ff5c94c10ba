using System.IO.Compression;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>A way in which layers are compressed for a registry.</summary>
/// <param name="Kind">Gzip, zstd or none.</param>
/// <param name="Level">1 (fast) to 9 for gzip, 1 to 22 for zstd.</param>
internal sealed record LayerCompression(ImageCompression Kind, int Level)
{
    /// <summary>What is taken when nobody asks for another. Level 3 of zlib-ng takes 0.7 of the time of level 6 and gives 3 % more bytes.</summary>
    public static LayerCompression Usual { get; } = Parse(ImageCompression.Gzip, null);

    public string Name => Kind.ToString().ToLowerInvariant();

    public string MediaType => Kind switch
    {
        ImageCompression.Gzip => MediaTypes.LayerGzip,
        ImageCompression.Zstd => MediaTypes.LayerZstd,
        _ => MediaTypes.Layer,
    };

    /// <summary>Throws <c>InvalidCompressionLevel</c>.</summary>
    public static LayerCompression Parse(ImageCompression kind, int? level)
    {
        var (usual, most) = kind switch
        {
            ImageCompression.Gzip => (3, 9),
            ImageCompression.Zstd => (3, 22),
            _ => (0, 0),
        };
        return level is null or >= 0 && (level ?? usual) <= most && (level is null || level >= Math.Min(1, most))
            ? new LayerCompression(kind, level ?? usual)
            : throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidCompressionLevel", $"{level} is no level of {kind}: {(most == 0 ? "it has none" : $"1 (fast) to {most} (small)")}.", level, $"Leave -CompressionLevel out, or give {(most == 0 ? "a compression that has levels" : $"1 to {most}")}.");
    }

    /// <summary>A stream that compresses what is written to it; disposing it ends the compressed data and leaves <paramref name="target"/> open.</summary>
    public Stream Open(Stream target) => Kind switch
    {
        ImageCompression.Gzip => new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = Level }, leaveOpen: true),
        ImageCompression.Zstd => new ZstdSharp.CompressionStream(target, Level, leaveOpen: true),
        _ => new MeteredStream(target, static _ => { }),
    };
}
