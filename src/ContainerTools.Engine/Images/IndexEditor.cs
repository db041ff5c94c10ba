using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Makes and changes indexes. An index is a document: a change makes another one, and the name goes over to it.</summary>
internal sealed class IndexEditor(ImageStore store)
{
    /// <summary>Throws <c>IndexNotFound</c>, <c>TagInUse</c>, <c>ImageNotFound</c>, <c>IndexEntryNotFound</c>, <c>InvalidPlatform</c>.</summary>
    public ManifestRecord Apply(ImageIndexChange change)
    {
        var name = ImageStore.ParseTag(change.Name);
        var before = change.Create ? Begin(name, change.Force) : Find(change.Name);
        var index = before?.ReadIndex() ?? new ImageIndex { MediaType = MediaTypes.ImageIndex, Manifests = [] };
        var kept = Without(index.Manifests, change.Remove, change.Name);
        var added = change.Add.SelectMany(EntriesOf).DistinctBy(entry => entry.Digest).ToList();
        var entries = kept.Where(entry => added.All(other => other.Digest != entry.Digest)).Concat(added).ToList();
        var touched = change.Entry is { } text ? [Entry(entries, text, change.Name)] : added.Select(entry => entry.Digest).ToList();
        if (Touches(change))
        {
            entries = entries.ConvertAll(entry => touched.Contains(entry.Digest) ? Changed(entry, change) : entry);
        }

        var content = OciJson.Write(index with { Manifests = entries, Annotations = Merge(index.Annotations, change.Annotations) });
        return store.AddRoot(new RootAddition
        {
            Kind = ManifestKind.Index,
            MediaType = index.MediaType ?? MediaTypes.ImageIndex,
            Content = content,
            Names = [name],
        });
    }

    private ManifestRecord? Begin(ImageReference name, bool force)
    {
        if (!force && store.IsTaken(name))
        {
            throw new ContainerToolsException(
                ErrorKind.AlreadyExists, "TagInUse", $"The name '{name.Familiar}' is taken already.", name.Familiar, "Use -Force to replace it, or choose another name.");
        }

        return null;
    }

    private ManifestRecord Find(string name) => store.ResolveRoot(name) is { Kind: ManifestKind.Index } index
        ? index
        : throw new ContainerToolsException(ErrorKind.NotFound, "IndexNotFound", $"'{name}' is an image for one platform, not an index.", name, "Make an index of it with New-ImageIndex.");

    /// <summary>An image is one entry; an index gives all of its own.</summary>
    private IEnumerable<Descriptor> EntriesOf(string reference)
    {
        var root = store.ResolveRoot(reference);
        if (root.Kind == ManifestKind.Index)
        {
            return root.ReadIndex().Manifests;
        }

        return
        [
            root.Image is { } image
                ? root.ToDescriptor() with { Platform = ImageStore.PlatformOf(store.Resolve(image.ToString()).Config) }
                : root.ToDescriptor() with { ArtifactType = ArtifactMapping.TypeOf(root.ReadManifest()) },
        ];
    }

    private static IEnumerable<Descriptor> Without(IReadOnlyList<Descriptor> entries, IReadOnlyList<string> removed, string name)
    {
        var digests = removed.Select(text => Entry(entries, text, name)).ToHashSet();

        // What is about an entry goes with it.
        return entries.Where(entry => !digests.Contains(entry.Digest) && !(Registry.PlatformChoice.SubjectOf(entry) is { } subject && digests.Contains(subject)));
    }

    private static Digest Entry(IReadOnlyList<Descriptor> entries, string text, string name) =>
        entries.FirstOrDefault(entry => entry.Digest.ToString() == text || entry.Digest.Hex.StartsWith(text, StringComparison.Ordinal))?.Digest
        ?? throw new ContainerToolsException(ErrorKind.NotFound, "IndexEntryNotFound", $"The index '{name}' has no entry {text}.", text, "Get-ImageIndex shows its entries.");

    private static bool Touches(ImageIndexChange change) =>
        change.Platform is not null || change.OperatingSystemVersion is not null || change.OperatingSystemFeatures is not null || change.EntryAnnotations.Count > 0;

    private static Descriptor Changed(Descriptor entry, ImageIndexChange change)
    {
        var platform = change.Platform is { } text ? Registry.PlatformText.Parse(text) : entry.Platform;
        return entry with
        {
            Platform = (platform ?? Platform.Host) with
            {
                OperatingSystemVersion = change.OperatingSystemVersion ?? entry.Platform?.OperatingSystemVersion,
                OperatingSystemFeatures = change.OperatingSystemFeatures is { } features ? features.Count > 0 ? features : null : entry.Platform?.OperatingSystemFeatures,
            },
            Annotations = Merge(entry.Annotations, change.EntryAnnotations),
        };
    }

    private static SortedDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? known, IReadOnlyDictionary<string, string> changes)
    {
        var merged = new SortedDictionary<string, string>((known ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            if (value.Length > 0)
            {
                merged[key] = value;
            }
            else
            {
                merged.Remove(key);
            }
        }

        return merged.Count > 0 ? merged : null;
    }
}
