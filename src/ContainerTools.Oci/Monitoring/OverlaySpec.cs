namespace ContainerTools.Oci.Monitoring;

/// <summary>An overlay mount (Documentation/filesystems/overlayfs.rst).</summary>
public sealed record OverlaySpec
{
    /// <summary>Lower directories, topmost first.</summary>
    public required IReadOnlyList<string> Lower { get; init; }

    /// <summary>Upper (writable) directory.</summary>
    public required string Upper { get; init; }

    /// <summary>Work directory on the upper directory's file system.</summary>
    public required string Work { get; init; }

    /// <summary>Where to mount it; made when missing.</summary>
    public required string Target { get; init; }
}
