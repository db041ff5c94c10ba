using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>What of an archive is imported.</summary>
/// <param name="Images">The images.</param>
/// <param name="Indexes">The indexes that some of them are of.</param>
internal sealed record ArchiveContent(IReadOnlyList<ArchivedImage> Images, IReadOnlyList<ArchivedIndex> Indexes);

/// <summary>An index of an archive.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its exact bytes.</param>
/// <param name="Images">Ids of its images that are imported.</param>
/// <param name="Artifacts">Attestations about them.</param>
/// <param name="Tags">The archive's names for it.</param>
internal sealed record ArchivedIndex(string MediaType, byte[] Content, IReadOnlyList<Digest> Images, IReadOnlyList<ArchivedArtifact> Artifacts, IReadOnlyList<ImageReference> Tags);

/// <summary>An artifact of an archive.</summary>
/// <param name="MediaType">Media type of its manifest.</param>
/// <param name="Content">The manifest's exact bytes.</param>
/// <param name="Blobs">Its blobs.</param>
/// <param name="Subject">What it is about.</param>
internal sealed record ArchivedArtifact(string MediaType, byte[] Content, IReadOnlyList<Descriptor> Blobs, Digest Subject);
