using System.Text;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Tests.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Tests.Storage;

/// <summary>A store of its own in a temporary directory.</summary>
public sealed class TestStore : IDisposable
{
    public TestStore()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("containertools-images-").FullName;
        Paths = new StorePaths(Path.Combine(Directory, "root"), Path.Combine(Directory, "run"));
        System.IO.Directory.CreateDirectory(Paths.Root);
        Catalog = new Catalog(Paths.Catalog);
        Layers = new LayerStore(Paths, Catalog);
        ImageStore = new ImageStore(Catalog, Layers);
        Registries = new RegistryAccess(RegistrySetup, RegistrySetup, () => null, RegistrySetup.Options);
        Images = new ImageOperations(ImageStore, Registries);
    }

    public string Directory { get; }

    public IImageOperations Images { get; }

    internal RegistrySetup RegistrySetup { get; } = new();

    internal RegistryAccess Registries { get; }

    internal StorePaths Paths { get; }

    internal Catalog Catalog { get; }

    internal LayerStore Layers { get; }

    internal ImageStore ImageStore { get; }

    public string PathOf(string name) => Path.Combine(Directory, name);

    public void Dispose()
    {
        Registries.Dispose();
        Catalog.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Everything below layers, blobs and work: what a failed operation must not add to.</summary>
    public IReadOnlyList<string> StoredFiles() => [.. new[] { Paths.Layers, Paths.Blobs, Paths.Structures, Paths.Work }
        .Where(System.IO.Directory.Exists)
        .SelectMany(path => System.IO.Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories))
        .Where(path => Path.GetFileName(path) != "sha256")
        .Order(StringComparer.Ordinal)];

    internal static byte[] Tar(params (TarEntry Entry, string Content)[] entries)
    {
        var output = new MemoryStream();
        var tar = new TarWriter(output);
        foreach (var (entry, content) in entries)
        {
            tar.Add(entry, Encoding.UTF8.GetBytes(content));
        }

        tar.Finish();
        return output.ToArray();
    }

    internal static (TarEntry, string) File(string name, string content = "content", int mode = 0x1a4) => (new TarEntry
    {
        Kind = TarEntryKind.File,
        Name = Encoding.UTF8.GetBytes(name),
        Mode = mode,
        ModifiedSeconds = 1_700_000_000,
    }, content);

    internal static (TarEntry, string) Directory_(string name, int mode = 0x1ed) =>
        (new TarEntry { Kind = TarEntryKind.Directory, Name = Encoding.UTF8.GetBytes(name), Mode = mode, ModifiedSeconds = 1_600_000_000 }, "");

    internal static (TarEntry, string) Link(string name, string target) =>
        (new TarEntry { Kind = TarEntryKind.SymbolicLink, Name = Encoding.UTF8.GetBytes(name), LinkName = Encoding.UTF8.GetBytes(target) }, "");

    internal static (TarEntry, string) HardLink(string name, string target) =>
        (new TarEntry { Kind = TarEntryKind.HardLink, Name = Encoding.UTF8.GetBytes(name), LinkName = Encoding.UTF8.GetBytes(target) }, "");

    internal LayerRecord Unpack(byte[] blob, LayerSource? source = null, LayerLimits? limits = null)
    {
        using var work = WorkDirectory.Create(Layers, "test");
        return Layers.UnpackAsync(new MemoryStream(blob), source ?? new LayerSource { Name = "test.tar" }, work, limits ?? LayerLimits.ForImport(), CancellationToken.None)
            .GetAwaiter().GetResult();
    }
}
