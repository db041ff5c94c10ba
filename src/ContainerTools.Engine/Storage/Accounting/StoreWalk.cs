using System.Collections.Concurrent;
using System.Text;
using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Finds everything that lies in a store, and how large it is, going over each file once.</summary>
internal sealed class StoreWalk(StorePaths paths)
{
    private const string LockSuffix = ".lock";
    private static readonly byte[] Itself = [];

    private readonly Dictionary<string, StoreArea> _directories = new(StringComparer.Ordinal)
    {
        [Path.GetFileName(paths.Layers)] = StoreArea.Tree,
        [Path.GetFileName(paths.Structures)] = StoreArea.Structure,
        [Path.GetFileName(paths.Containers)] = StoreArea.Container,
        [Path.GetFileName(paths.Work)] = StoreArea.Work,
        [Path.GetFileName(paths.Partial)] = StoreArea.Partial,
        [Path.GetFileName(paths.CacheMounts)] = StoreArea.CacheMount,
    };

    public IReadOnlyList<StoredPart> Run()
    {
        var handles = new List<DirectoryHandle>();
        try
        {
            var root = DirectoryHandle.Open(paths.Root);
            handles.Add(root);
            return Merge(Measure(FindPlaces(root, handles)));
        }
        finally
        {
            handles.ForEach(handle => handle.Dispose());
        }
    }

    private List<Place> FindPlaces(DirectoryHandle root, List<DirectoryHandle> handles)
    {
        var places = new List<Place> { new(StoreArea.Catalog, StoredPart.Directories, paths.Root, root, Itself) };
        foreach (var entry in root.GetNames())
        {
            var name = Encoding.UTF8.GetString(entry);
            if (_directories.TryGetValue(name, out var area))
            {
                AddDirectory(area, root, entry, Path.Combine(paths.Root, name));
            }
            else if (name == Path.GetFileName(paths.Blobs))
            {
                AddDirectory(StoreArea.Other, root, entry, paths.Blobs);
            }
            else
            {
                places.Add(new Place(AreaOf(name), NameOf(name), Path.Combine(paths.Root, name), root, entry));
            }
        }

        return places;

        void AddDirectory(StoreArea area, DirectoryHandle parent, byte[] entry, string path)
        {
            if (parent.TryOpenDirectory(entry) is not { } directory)
            {
                places.Add(new Place(StoreArea.Other, path, path, parent, entry));
                return;
            }

            handles.Add(directory);
            places.Add(new Place(StoreArea.Catalog, StoredPart.Directories, paths.Root, directory, Itself));
            foreach (var child in directory.GetNames())
            {
                var name = Encoding.UTF8.GetString(child);
                var full = Path.Combine(path, name);
                if (full == paths.BlobFiles)
                {
                    AddDirectory(StoreArea.Blob, directory, child, full);
                }
                else
                {
                    places.Add(IsForeign(area, name) ? new Place(StoreArea.Other, full, full, directory, child) : new Place(area, WithoutLock(area, name), full, directory, child));
                }
            }
        }
    }

    private StoreArea AreaOf(string file) => file.StartsWith(Path.GetFileName(paths.Catalog), StringComparison.Ordinal) ? StoreArea.Catalog : StoreArea.Other;

    private string NameOf(string file)
    {
        var catalog = Path.GetFileName(paths.Catalog);
        return file == catalog + ".reserve" ? StoredPart.Reserve
            : file.StartsWith(catalog, StringComparison.Ordinal) ? StoredPart.Database
            : Path.Combine(paths.Root, file);
    }

    /// <summary>True for a name that the engine gives to nothing there.</summary>
    private static bool IsForeign(StoreArea area, string name) =>
        area == StoreArea.Other || (area is StoreArea.Partial or StoreArea.CacheMount && !Digest.TryParse("sha256:" + WithoutLock(area, name), out _));

    private static string WithoutLock(StoreArea area, string name) =>
        area is StoreArea.Work or StoreArea.Partial or StoreArea.CacheMount && name.EndsWith(LockSuffix, StringComparison.Ordinal) ? name[..^LockSuffix.Length] : name;

    private static ConcurrentBag<StoredPart> Measure(List<Place> places)
    {
        var parts = new ConcurrentBag<StoredPart>();
        var linked = new ConcurrentDictionary<ulong, bool>();
        Parallel.ForEach(
            Partitioner.Create(places, EnumerablePartitionerOptions.NoBuffering),
            () => new DiskUsage(linked),
            (place, _, usage) =>
            {
                foreach (var part in Measure(place, usage))
                {
                    parts.Add(part);
                }

                return usage;
            },
            usage => usage.Dispose());
        return parts;
    }

    private static IEnumerable<StoredPart> Measure(Place place, DiskUsage usage)
    {
        if (place.Parent.TryGetStatus(place.Entry) is not { } status)
        {
            yield break;
        }

        var modified = DateTimeOffset.FromUnixTimeSeconds(status.Modified.Seconds);
        if (place.Area != StoreArea.Container)
        {
            yield return new StoredPart(place.Area, place.Name, place.Path, usage.Measure(place.Parent, place.Entry, below: place.Entry.Length > 0), modified);
            yield break;
        }

        using var bundle = place.Parent.TryOpenDirectory(place.Entry);
        if (bundle is null)
        {
            yield return new StoredPart(StoreArea.Other, place.Path, place.Path, usage.Measure(place.Parent, place.Entry), modified);
            yield break;
        }

        var (rest, logs) = (usage.Measure(bundle, default, below: false), 0L);
        foreach (var entry in bundle.GetNames())
        {
            var size = usage.Measure(bundle, entry);
            (rest, logs) = entry.AsSpan().StartsWith("container.log"u8) ? (rest, logs + size) : (rest + size, logs);
        }

        yield return new StoredPart(StoreArea.Container, place.Name, place.Path, rest, modified);
        if (logs > 0)
        {
            yield return new StoredPart(StoreArea.Log, place.Name, Path.Combine(place.Path, "container.log"), logs, modified);
        }
    }

    private static List<StoredPart> Merge(ConcurrentBag<StoredPart> parts) =>
    [
        .. from part in parts
           group part by (part.Area, part.Name) into same
           let first = same.MinBy(part => part.Path, StringComparer.Ordinal)
           orderby first.Path
           select first with { Size = same.Sum(part => part.Size), Modified = same.Max(part => part.Modified) },
    ];

    /// <summary>An entry to measure; the empty one is the directory alone.</summary>
    private sealed record Place(StoreArea Area, string Name, string Path, DirectoryHandle Parent, byte[] Entry);
}
