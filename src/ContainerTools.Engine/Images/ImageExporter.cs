using System.Security.Cryptography;
using System.Text;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using ContainerTools.Oci.Tar;

namespace ContainerTools.Engine.Images;

/// <summary>Writes images beside the target under another name, and renames when all is written and verified.</summary>
internal sealed class ImageExporter(ImageStore store, ImageExportRequest request, IProgress<EngineProgress>? progress)
{
    public string Export(CancellationToken cancellationToken)
    {
        if (request.Images.Count == 0)
        {
            throw new ContainerToolsException(ErrorKind.InvalidArgument, "NoImageGiven", "An export needs at least one image.");
        }

        var target = Path.GetFullPath(request.Path);
        var images = request.Images.Select(name => Named(store.Resolve(name), name)).ToList();
        RequireFree(target);
        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "DirectoryNotFound", $"The directory of '{target}' does not exist.", target, "Make the directory first.");
        }

        using var work = WorkDirectory.Create(store.Layers, "export");
        foreach (var layer in images.SelectMany(image => image.Record.Layers).Distinct())
        {
            _ = store.Layers.Lease(layer, work) ?? throw store.Layers.Missing(layer);
        }

        var partial = $"{target}.partial-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        try
        {
            if (request.Format == ImageArchiveFormat.OciLayout)
            {
                Directory.CreateDirectory(partial);
                WriteLayout(images, new LayoutDirectory(partial), cancellationToken);
                Replace(partial, target);
            }
            else
            {
                using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 256 * 1024))
                {
                    var tar = new LayoutTar(file);
                    if (request.Format == ImageArchiveFormat.DockerArchive)
                    {
                        WriteDocker(images, tar, cancellationToken);
                    }
                    else
                    {
                        WriteLayout(images, tar, cancellationToken);
                    }

                    tar.Finish();
                }

                File.Move(partial, target, request.Force);
            }

            return target;
        }
        catch
        {
            File.Delete(partial);
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            throw;
        }
    }

    private void WriteDocker(List<(ImageRecord Record, IReadOnlyList<ImageReference> Tags)> images, LayoutTar output, CancellationToken cancellationToken)
    {
        var written = new HashSet<Digest>();
        var items = new List<DockerArchiveItem>();
        foreach (var group in images.GroupBy(image => image.Record.Id))
        {
            var record = group.First().Record;
            foreach (var diffId in record.Layers.Where(written.Add))
            {
                var layer = store.Layers.Get(diffId);
                output.Add($"{diffId.Hex}.tar", store.Layers.TarLength(layer, cancellationToken), stream => store.Layers.WriteTar(layer, stream, cancellationToken));
                Report(diffId, layer.BlobSize);
            }

            output.Add($"{record.Id.Hex}.json", record.ConfigJson);
            items.Add(new DockerArchiveItem
            {
                Config = $"{record.Id.Hex}.json",
                RepoTags = [.. group.SelectMany(image => image.Tags).Select(tag => tag.Familiar).Distinct()],
                Layers = [.. record.Layers.Select(diffId => $"{diffId.Hex}.tar")],
            });
        }

        output.Add("manifest.json", OciJson.Write(items));
    }

    private void WriteLayout(List<(ImageRecord Record, IReadOnlyList<ImageReference> Tags)> images, ILayoutOutput output, CancellationToken cancellationToken)
    {
        var written = new HashSet<Digest>();
        var descriptors = new List<Descriptor>();
        foreach (var (record, tags) in images)
        {
            foreach (var layer in record.Layers.Select(store.Layers.Get).Where(layer => written.Add(layer.BlobDigest)))
            {
                output.Add(ImageLayout.BlobPath(layer.BlobDigest), layer.BlobSize, stream => store.Layers.WriteBlob(layer, stream, cancellationToken));
                Report(layer.DiffId, layer.BlobSize);
            }

            AddDocument(output, written, record.Id, record.ConfigJson);
            AddDocument(output, written, record.ManifestDigest, record.ManifestJson);
            var descriptor = new Descriptor
            {
                MediaType = record.Manifest.MediaType ?? MediaTypes.ImageManifest,
                Digest = record.ManifestDigest,
                Size = record.ManifestJson.Length,
                Platform = new Platform { Architecture = record.Config.Architecture, OperatingSystem = record.Config.OperatingSystem, Variant = record.Config.Variant },
            };
            descriptors.AddRange(tags.Count == 0 ? [descriptor] : tags.Select(tag => descriptor with
            {
                Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
                {
                    [ImageLayout.ContainerdNameAnnotation] = tag.Canonical,
                    [ImageLayout.ReferenceNameAnnotation] = tag.Canonical,
                },
            }));
        }

        output.Add(ImageLayout.FileName, OciJson.Write(new ImageLayout()));
        output.Add(ImageLayout.IndexFileName, OciJson.Write(new ImageIndex { MediaType = MediaTypes.ImageIndex, Manifests = [.. descriptors.Distinct()] }));
    }

    private static void AddDocument(ILayoutOutput output, HashSet<Digest> written, Digest digest, byte[] content)
    {
        if (written.Add(digest))
        {
            output.Add(ImageLayout.BlobPath(digest), content);
        }
    }

    /// <summary>An image asked for by tag is written under that tag; one asked for by id under all its tags.</summary>
    private static (ImageRecord Record, IReadOnlyList<ImageReference> Tags) Named(ImageRecord record, string name) =>
        ImageReference.TryParse(name, out var reference) && reference.WithDefaultTag().Canonical is var wanted
            && record.Tags.FirstOrDefault(tag => tag.Canonical == wanted) is { } tag ? (record, [tag]) : (record, record.Tags);

    private void RequireFree(string target)
    {
        var layout = request.Format == ImageArchiveFormat.OciLayout;
        if (layout ? File.Exists(target) : Directory.Exists(target))
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "PathIsWrongKind", $"'{target}' is a {(layout ? "file" : "directory")}.", target, "Choose another path.");
        }

        if (!request.Force && (File.Exists(target) || Directory.Exists(target)))
        {
            throw new ContainerToolsException(
                ErrorKind.AlreadyExists, "PathExists", $"'{target}' exists already.", target, "Use -Force to replace it, or choose another path.");
        }

        if (layout && Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, ImageLayout.FileName)))
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "NotAnImageLayout", $"The directory '{target}' is no OCI layout and is not replaced.", target, "Choose another path.");
        }
    }

    private static void Replace(string partial, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(partial, target);
            return;
        }

        var old = partial + "-old";
        Directory.Move(target, old);
        Directory.Move(partial, target);
        Directory.Delete(old, recursive: true);
    }

    private void Report(Digest layer, long size) => progress?.Report(new EngineProgress
    {
        Activity = "Export",
        Item = layer.Short,
        Status = "written",
        Done = size,
        Total = size,
        Completed = true,
    });
}
