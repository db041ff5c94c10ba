using System.Security.Cryptography;
using System.Text;
using ContainerTools.Engine.Registry;
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

        var items = request.Images.SelectMany(Chosen).ToList();
        using var work = WorkDirectory.Create(store.Layers, "export");
        foreach (var layer in items.SelectMany(item => item.Images).SelectMany(image => image.Layers).Distinct())
        {
            _ = store.Layers.Lease(layer, work) ?? throw store.Layers.Missing(layer);
        }

        return request.Output is { } output ? ToStream(items, output, cancellationToken) : ToPath(items, cancellationToken);
    }

    private string ToStream(List<ExportedItem> items, Stream output, CancellationToken cancellationToken)
    {
        if (request.Format == ImageArchiveFormat.OciLayout)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "LayoutIsNoStream", "An OCI layout is a directory and cannot be written as bytes.", request.Format, "Take -Format OciArchive, which is its tar.");
        }

        using var buffered = new BufferedStream(output, 256 * 1024);
        WriteTar(items, buffered, cancellationToken);
        buffered.Flush();
        return "";
    }

    private string ToPath(List<ExportedItem> items, CancellationToken cancellationToken)
    {
        var target = Path.GetFullPath(request.Path ?? throw new ContainerToolsException(ErrorKind.InvalidArgument, "ArchiveMissing", "An export needs a path or a stream."));
        RequireFree(target);
        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "DirectoryNotFound", $"The directory of '{target}' does not exist.", target, "Make the directory first.");
        }

        var partial = $"{target}.partial-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        try
        {
            if (request.Format == ImageArchiveFormat.OciLayout)
            {
                Directory.CreateDirectory(partial);
                WriteLayout(items, new LayoutDirectory(partial), cancellationToken);
                Replace(partial, target);
            }
            else
            {
                using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 256 * 1024))
                {
                    WriteTar(items, file, cancellationToken);
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

    private void WriteTar(List<ExportedItem> items, Stream output, CancellationToken cancellationToken)
    {
        var tar = new LayoutTar(output);
        if (request.Format == ImageArchiveFormat.DockerArchive)
        {
            WriteDocker(items, tar, cancellationToken);
        }
        else
        {
            WriteLayout(items, tar, cancellationToken);
        }

        tar.Finish();
    }

    /// <summary>What a name stands for: an index with all its images, if they are here and the format has indexes; else images.</summary>
    private IEnumerable<ExportedItem> Chosen(string name)
    {
        if (request.Platforms.Count > 0)
        {
            return request.Platforms.Select(platform => Single(store.Resolve(name, PlatformText.Parse(platform)), name));
        }

        if (request.Format != ImageArchiveFormat.DockerArchive && store.ResolveRoot(name) is { Kind: ManifestKind.Index } root)
        {
            var members = root.ReadIndex().Manifests.Select(entry => store.FindManifest(entry.Digest)).ToList();
            if (members.All(member => member is { Kind: not ManifestKind.Index }))
            {
                return [new ExportedItem([.. members.Where(member => member!.Image is not null).Select(member => store.Resolve(member!.Image!.Value.ToString()))], [.. store.NamesOf(root.Digest).Where(tag => Asked(tag, name))], root, members!)];
            }
        }

        return [Single(store.Resolve(name), name)];
    }

    private static ExportedItem Single(ImageRecord record, string name)
    {
        var (image, tags) = Named(record, name);
        return new ExportedItem([image], [.. tags.Where(tag => tag.Digest is null)], null, []);
    }

    /// <summary>One asked for by tag is written under that tag; one asked for by digest under all its tags.</summary>
    private static bool Asked(ImageReference tag, string name) =>
        tag.Digest is null && (!ImageReference.TryParse(name, out var reference) || reference.Digest is not null || reference.WithDefaultTag().Canonical == tag.Canonical);

    private void WriteDocker(List<ExportedItem> exported, LayoutTar output, CancellationToken cancellationToken)
    {
        var written = new HashSet<Digest>();
        var items = new List<DockerArchiveItem>();
        foreach (var group in exported.GroupBy(item => item.Images[0].Id))
        {
            var record = group.First().Images[0];
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
                RepoTags = [.. group.SelectMany(item => item.Tags).Select(tag => tag.Familiar).Distinct()],
                Layers = [.. record.Layers.Select(diffId => $"{diffId.Hex}.tar")],
            });
        }

        output.Add("manifest.json", OciJson.Write(items));
    }

    private void WriteLayout(List<ExportedItem> exported, ILayoutOutput output, CancellationToken cancellationToken)
    {
        var written = new HashSet<Digest>();
        var descriptors = new List<Descriptor>();
        foreach (var item in exported)
        {
            foreach (var record in item.Images)
            {
                // The manifest that the index names may be another one than the image goes by alone.
                var manifest = item.Members.FirstOrDefault(member => member.Image == record.Id) ?? store.FindManifest(record.ManifestDigest)!;
                foreach (var (blob, layer) in manifest.ReadManifest().Layers.Zip(record.Layers).Where(pair => written.Add(pair.First.Digest)))
                {
                    output.Add(ImageLayout.BlobPath(blob.Digest), blob.Size, stream => store.Layers.WriteBlob(blob.Digest, stream, cancellationToken));
                    Report(layer, blob.Size);
                }

                AddDocument(output, written, record.Id, record.ConfigJson);
                AddDocument(output, written, manifest.Digest, manifest.Content);
            }

            foreach (var artifact in item.Members.Where(member => member.Kind == ManifestKind.Artifact))
            {
                var manifest = artifact.ReadManifest();
                foreach (var blob in manifest.Layers.Prepend(manifest.Config).Where(blob => written.Add(blob.Digest)))
                {
                    output.Add(ImageLayout.BlobPath(blob.Digest), blob.Size, stream => store.Layers.WriteBlob(blob.Digest, stream, cancellationToken));
                }

                AddDocument(output, written, artifact.Digest, artifact.Content);
            }

            var descriptor = item.Root is { } root
                ? root.ToDescriptor()
                : store.FindManifest(item.Images[0].ManifestDigest)!.ToDescriptor() with { Platform = ImageStore.PlatformOf(item.Images[0].Config) };
            if (item.Root is not null)
            {
                AddDocument(output, written, item.Root.Digest, item.Root.Content);
            }

            descriptors.AddRange(item.Tags.Count == 0 ? [descriptor] : item.Tags.Select(tag => descriptor with
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

    /// <summary>One entry of the archive.</summary>
    /// <param name="Images">The image, or all images of an index.</param>
    /// <param name="Tags">Names to write.</param>
    /// <param name="Root">The index, if it is one.</param>
    /// <param name="Members">The index's manifests.</param>
    private sealed record ExportedItem(IReadOnlyList<ImageRecord> Images, IReadOnlyList<ImageReference> Tags, ManifestRecord? Root, IReadOnlyList<ManifestRecord> Members);
}
