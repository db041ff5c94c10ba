using ContainerTools.Linux;

namespace ContainerTools.Engine.Storage;

/// <summary>Deletions: OCI's file names (image-spec, layer.md, "Whiteouts") and overlayfs's nodes (overlayfs.rst, "whiteouts and opaque directories").</summary>
internal static class Whiteout
{
    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    public static ReadOnlySpan<byte> OpaqueMarker => ".wh..wh..opq"u8;

    /// <summary>Prefix of AUFS's bookkeeping, which old layers still carry.</summary>
    public static ReadOnlySpan<byte> MetadataPrefix => ".wh..wh."u8;

    public static ReadOnlySpan<byte> OpaqueAttribute => "trusted.overlay.opaque"u8;

    public static bool IsOverlayAttribute(ReadOnlySpan<byte> name) => name.StartsWith("trusted.overlay."u8) || name.StartsWith("user.overlay."u8);

    /// <summary>Makes a directory hide everything lower layers have in it; the empty name is <paramref name="directory"/> itself.</summary>
    public static void MakeOpaque(DirectoryHandle directory, ReadOnlySpan<byte> name)
    {
        if (!directory.TrySetAttribute(name, OpaqueAttribute, "y"u8))
        {
            throw new LinuxException(LinuxError.NotSupported, "lsetxattr", "trusted.overlay.opaque");
        }
    }

    public static bool IsOpaque(DirectoryHandle directory) => directory.TryGetAttribute(default, OpaqueAttribute) is [(byte)'y'];
}
