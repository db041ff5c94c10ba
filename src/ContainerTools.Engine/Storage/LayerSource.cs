using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>What is known of a layer's blob before it is read. Compression is recognised from the content, whatever the media type says.</summary>
internal sealed record LayerSource
{
    /// <summary>For messages: the archive's path and entry, or the registry's URL.</summary>
    public required string Name { get; init; }

    /// <summary>Expected digest of the blob; null when none is known.</summary>
    public Digest? BlobDigest { get; init; }

    /// <summary>Expected digest of the uncompressed tar; null when none is known.</summary>
    public Digest? DiffId { get; init; }

    /// <summary>Expected bytes of the blob; null when unknown.</summary>
    public long? BlobSize { get; init; }

    /// <summary>Opens the blob once more from its beginning; null when it can be read only once.</summary>
    public Func<Stream>? Reopen { get; init; }

    /// <summary>Called with the bytes of the blob read so far, from the unpacking thread.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>A file on the store's file system that holds the whole blob once it has been read to its end: it is moved into the store where a copy would have been kept, and left alone on failure. Null when there is none.</summary>
    public string? BlobFile { get; init; }
}
