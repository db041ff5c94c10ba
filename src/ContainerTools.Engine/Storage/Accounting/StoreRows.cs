namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>A layer of the catalogue.</summary>
/// <param name="Id">Diff id.</param>
/// <param name="Blob">Digest of the blob that is kept; null when none is.</param>
/// <param name="HasStructure">True when the structure of its tar is kept.</param>
/// <param name="Created">When it came.</param>
/// <param name="Lost">True when a reboot has put it in doubt.</param>
internal sealed record LayerRow(string Id, string? Blob, bool HasStructure, DateTimeOffset Created, bool Lost);

/// <summary>An image of the catalogue.</summary>
internal sealed record ImageRow(string Id, IReadOnlyDictionary<string, string> Labels, DateTimeOffset Used, IReadOnlyList<string> Layers);

/// <summary>A name; what it stands for.</summary>
internal sealed record TagRow(string Name, string? Image, string? Root);

/// <summary>A manifest, index or artifact.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Image">Whose it is.</param>
/// <param name="Subject">What an artifact is about.</param>
/// <param name="Members">What an index names.</param>
/// <param name="Blobs">Blobs kept for its sake.</param>
internal sealed record ManifestRow(string Digest, Images.ManifestKind Kind, string? Image, string? Subject, IReadOnlyList<string> Members, IReadOnlyList<string> Blobs);

/// <summary>A container with what it does at the moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Image">Id of its image.</param>
/// <param name="Labels">Its labels, those of its image among them.</param>
/// <param name="Runs">True while it runs.</param>
/// <param name="Busy">True while it does not run, but is being made, started or removed.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Ended">When it came to its end; null when it never ran or runs.</param>
internal sealed record ContainerRow(string Id, string Name, string Image, IReadOnlyDictionary<string, string> Labels, bool Runs, bool Busy, DateTimeOffset Created, DateTimeOffset? Ended);

/// <summary>A layer, or the lack of one, that build steps are remembered by.</summary>
/// <param name="Layer">Diff id; null for steps that made no layer.</param>
/// <param name="Used">When one of them was last of use.</param>
internal sealed record CacheRow(string? Layer, DateTimeOffset Used);

/// <summary>What is known of a cache mount.</summary>
internal sealed record CacheMountRow(string Hash, string Id, DateTimeOffset Used);

/// <summary>A network.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Containers">Containers that are connected to it.</param>
/// <param name="Builds">Work directories of builds that are on it.</param>
internal sealed record NetworkRow(string Id, string Name, IReadOnlyDictionary<string, string> Labels, DateTimeOffset Created, IReadOnlyList<string> Containers, IReadOnlyList<string> Builds);
