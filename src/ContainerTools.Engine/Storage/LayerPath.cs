using System.Text;

namespace ContainerTools.Engine.Storage;

/// <summary>Paths of tar entries, made relative to the layer's root.</summary>
internal static class LayerPath
{
    private const int MaximumName = 255;
    private const int MaximumPath = 4095;

    /// <summary>
    /// The path without leading <c>/</c>, <c>.</c> words and doubled or trailing <c>/</c>; empty for the root itself. Throws <c>PathTraversal</c>
    /// for <c>..</c> words and <c>InvalidTar</c> for what cannot be a file name.
    /// </summary>
    public static byte[] Normalize(ReadOnlySpan<byte> path, string subject)
    {
        if (path.Length > MaximumPath || path.Contains((byte)0))
        {
            throw Invalid(path, subject, "it has a NUL byte or more than 4095 bytes");
        }

        var result = new byte[path.Length];
        var length = 0;
        foreach (var range in path.Split((byte)'/'))
        {
            var word = path[range];
            if (word.IsEmpty || word.SequenceEqual("."u8))
            {
                continue;
            }

            if (word.SequenceEqual(".."u8))
            {
                throw new ContainerToolsException(
                    ErrorKind.InvalidArgument,
                    "PathTraversal",
                    $"{subject}: the entry '{Display(path)}' leads out of its directory with '..'.",
                    subject,
                    "Do not use this archive: no honest tool writes such entries.");
            }

            if (word.Length > MaximumName)
            {
                throw Invalid(path, subject, "a name has more than 255 bytes");
            }

            if (length > 0)
            {
                result[length++] = (byte)'/';
            }

            word.CopyTo(result.AsSpan(length));
            length += word.Length;
        }

        return result[..length];
    }

    /// <summary>Directory and last word of a normalized path.</summary>
    public static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> directory, out ReadOnlySpan<byte> name)
    {
        var slash = path.LastIndexOf((byte)'/');
        directory = slash < 0 ? default : path[..slash];
        name = path[(slash + 1)..];
    }

    public static string Display(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path.Length > 200 ? path[..200] : path);

    private static ContainerToolsException Invalid(ReadOnlySpan<byte> path, string subject, string why) => new(
        ErrorKind.InvalidArgument, "InvalidTar", $"{subject}: the entry '{Display(path)}' cannot be a path: {why}.", subject);
}
