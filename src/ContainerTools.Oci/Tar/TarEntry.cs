using System.Text;

namespace ContainerTools.Oci.Tar;

/// <summary>One entry of a tar: header and PAX records together. Names are bytes, as in the file system.</summary>
public sealed record TarEntry
{
    /// <summary>What it makes.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>Path as written in the archive.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Target of a symbolic or hard link; else empty.</summary>
    public byte[] LinkName { get; init; } = [];

    /// <summary>Permission, set-id and sticky bits.</summary>
    public int Mode { get; init; }

    /// <summary>Owner.</summary>
    public uint Owner { get; init; }

    /// <summary>Group.</summary>
    public uint Group { get; init; }

    /// <summary>Bytes of content; 0 unless a file.</summary>
    public long Size { get; init; }

    /// <summary>Modification time: seconds since 1970.</summary>
    public long ModifiedSeconds { get; init; }

    /// <summary>Modification time: nanoseconds forward from the second.</summary>
    public int ModifiedNanoseconds { get; init; }

    /// <summary>Major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes.</summary>
    public IReadOnlyList<TarAttribute> Attributes { get; init; } = [];

    /// <summary>The path for messages.</summary>
    public string DisplayName => Encoding.UTF8.GetString(Name);
}
