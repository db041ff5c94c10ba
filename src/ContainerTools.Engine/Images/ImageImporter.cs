using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>Reads images into the store. Layers are unpacked in parallel; images are added when all their layers are there.</summary>
internal sealed class ImageImporter(ImageStore store, ImageImportRequest request, IProgress<EngineProgress>? progress)
{
    private const string Activity = "Import";
    private readonly LayerLimits _limits = LayerLimits.ForImport(request.MaximumSize);
    private readonly string _name = request.Path ?? "the archive";

    public async Task<IReadOnlyList<ImageRecord>> ImportAsync(CancellationToken cancellationToken)
    {
        var touched = new HashSet<Digest>();
        try
        {
            var tags = request.Tags.Select(ImageStore.ParseTag).ToList();
            using var work = WorkDirectory.Create(store.Layers, "import");
            return request.RootFilesystem
                ? [await ImportRootFilesystemAsync(work, tags, touched, cancellationToken).ConfigureAwait(false)]
                : await ImportArchiveAsync(work, tags, touched, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The work directory's leases are gone by now; what this import unpacked and no image uses goes too.
            if (touched.Count > 0)
            {
                _ = store.Layers.CollectGarbage(touched);
            }

            if (StoreErrors.Translate(error, _name) is var translated && !ReferenceEquals(translated, error))
            {
                throw translated;
            }

            throw;
        }
    }

    private async Task<IReadOnlyList<ImageRecord>> ImportArchiveAsync(
        WorkDirectory work, List<ImageReference> tags, HashSet<Digest> touched, CancellationToken cancellationToken)
    {
        using var archive = Open(work, cancellationToken);
        var content = Retagged(ArchiveImages.Find(archive, [.. request.Platforms.Select(PlatformText.Parse)], request.AllPlatforms), tags);
        var layers = content.Images.SelectMany(image => image.Layers).DistinctBy(layer => layer.DiffId).ToList();
        touched.UnionWith(layers.Select(layer => layer.DiffId));
        var kept = new System.Collections.Concurrent.ConcurrentBag<KeptBlob>();
        await Parallel.ForEachAsync(
            layers,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) },
            async (layer, token) =>
            {
                if (await ImportLayerAsync(archive, layer, work, token).ConfigureAwait(false) is { } blob)
                {
                    kept.Add(blob);
                }
            }).ConfigureAwait(false);
        var records = new List<ImageRecord>();
        foreach (var index in content.Indexes)
        {
            records.AddRange(store.Add(
                [.. content.Images.Where(image => index.Images.Contains(Digest.Of(image.ConfigJson))).Select(image => ToAddition(image, kept))], ToRoot(archive, index, work, cancellationToken)));
        }

        records.AddRange(content.Images
            .Where(image => image.Tags.Count > 0 || !content.Indexes.Any(index => index.Images.Contains(Digest.Of(image.ConfigJson))))
            .Select(image => store.Add(ToAddition(image, kept))));
        return [.. records.DistinctBy(record => record.Id)];
    }

    /// <summary>Names of the user's own go to the one thing that the archive has.</summary>
    private ArchiveContent Retagged(ArchiveContent content, List<ImageReference> tags)
    {
        var alone = content.Images.Where(image => !content.Indexes.Any(index => index.Images.Contains(Digest.Of(image.ConfigJson)))).ToList();
        return (tags.Count, content.Indexes.Count, alone.Count) switch
        {
            (0, _, _) => content,
            (_, 1, 0) => content with { Indexes = [content.Indexes[0] with { Tags = tags }] },
            (_, 0, 1) => content with { Images = [content.Images[0] with { Tags = tags }] },
            _ => throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "ArchiveHasManyImages", $"{_name} holds {content.Indexes.Count + alone.Count} images; tags can be given to a single one.", _name, "Leave -Tag out."),
        };
    }

    private static ImageAddition ToAddition(ArchivedImage image, IEnumerable<KeptBlob> kept) => new()
    {
        Config = image.Config,
        ConfigJson = image.ConfigJson,
        ManifestJson = image.ManifestJson,
        Tags = image.Tags,
        Blobs = [.. kept.Where(blob => image.Layers.Any(layer => layer.BlobDigest == blob.Digest))],
    };

    private static RootAddition ToRoot(ImageArchive archive, ArchivedIndex index, WorkDirectory work, CancellationToken cancellationToken) => new()
    {
        Kind = ManifestKind.Index,
        MediaType = index.MediaType,
        Content = index.Content,
        Names = index.Tags,
        Members =
        [
            .. index.Artifacts.Select(artifact => new RootAddition
            {
                Kind = ManifestKind.Artifact,
                MediaType = artifact.MediaType,
                Content = artifact.Content,
                Subject = artifact.Subject,
                Blobs = [.. artifact.Blobs.Select(blob => Keep(archive, ImageLayout.BlobPath(blob.Digest), blob.Digest, work, cancellationToken))],
            }),
        ],
    };

    private async Task<KeptBlob?> ImportLayerAsync(ImageArchive archive, ArchivedLayer layer, WorkDirectory work, CancellationToken cancellationToken)
    {
        var length = archive.LengthOf(layer.Path);
        var record = store.Layers.Lease(layer.DiffId, work);
        if (record is null)
        {
            using var stream = archive.Open(layer.Path);
            record = await store.Layers.UnpackAsync(
                stream,
                new LayerSource
                {
                    Name = $"{_name}: {layer.Path}",
                    BlobDigest = layer.BlobDigest,
                    DiffId = layer.DiffId,
                    Reopen = () => archive.Open(layer.Path),
                    Progress = progress is null ? null : done => Report(layer.DiffId, "unpacking", done, length, completed: false),
                },
                work,
                _limits,
                cancellationToken).ConfigureAwait(false);
        }

        // The layer is here in another form: the manifest stays exact only if its own blob is kept, too.
        var blob = layer.BlobDigest is { } digest && digest != record.BlobDigest ? Keep(archive, layer.Path, digest, work, cancellationToken) : null;
        Report(layer.DiffId, "complete", length, length, completed: true);
        return blob;
    }

    private static KeptBlob Keep(ImageArchive archive, string path, Digest digest, WorkDirectory work, CancellationToken cancellationToken)
    {
        var target = work.NewPath("blob");
        using var stream = archive.Open(path);
        using var reader = new BlobReader(stream, null, cancellationToken);
        using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
        reader.CopyWhileReading(file);
        return reader.Finish() is var actual && actual == digest
            ? new KeptBlob(digest, reader.Count, target)
            : throw StoreErrors.DigestMismatch(archive.Name, $"the blob {digest.Short}", digest, actual);
    }

    private async Task<ImageRecord> ImportRootFilesystemAsync(
        WorkDirectory work, List<ImageReference> tags, HashSet<Digest> touched, CancellationToken cancellationToken)
    {
        var config = ImageChanges.Apply(new ImageExecutionConfig(), request.Changes);
        using var stream = request.Content ?? OpenFile();
        var layer = await store.Layers.UnpackAsync(stream, new LayerSource { Name = _name, Reopen = request.Content is null ? OpenFile : null }, work, _limits, cancellationToken).ConfigureAwait(false);
        touched.Add(layer.DiffId);
        Report(layer.DiffId, "complete", layer.BlobSize, layer.BlobSize, completed: true);
        var now = DateTimeOffset.UtcNow;
        return store.Add(new ImageAddition
        {
            Config = new ImageConfigFile
            {
                Created = now,
                Architecture = Platform.HostArchitecture,
                OperatingSystem = "linux",
                Config = config,
                RootFilesystem = new ImageRootFilesystem { DiffIds = [layer.DiffId] },
                History = [new ImageHistory { Created = now, CreatedBy = "import " + Path.GetFileName(_name), Comment = request.Message ?? "Imported from a root file system" }],
            },
            Tags = tags,
        });
    }

    private ImageArchive Open(WorkDirectory work, CancellationToken cancellationToken)
    {
        if (request.Content is null && Directory.Exists(request.Path))
        {
            return ImageArchive.OpenDirectory(request.Path);
        }

        using var source = request.Content ?? OpenFile();
        using var reader = new BlobReader(source, null, cancellationToken);
        var compression = Compression.Detect(reader.Peek(Compression.MagicLength));
        if (compression == CompressionKind.None && request.Content is null)
        {
            return ImageArchive.OpenTar(request.Path!, _name, cancellationToken);
        }

        // Parts of an archive are read in any order and several at once, which needs a plain file.
        var path = work.NewPath("archive");
        var budget = new ByteBudget(_limits.Budget.Limit);
        using (var plain = Compression.Open(reader, compression))
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0))
        {
            var buffer = new byte[256 * 1024];
            int count;
            while ((count = plain.Read(buffer)) > 0)
            {
                if (!budget.TrySpend(count))
                {
                    throw new ContainerToolsException(
                        ErrorKind.ResourceExhausted,
                        "LayerTooLarge",
                        $"{_name} unpacks to more than the {budget.Limit} bytes allowed.",
                        _name,
                        "If you trust the image, raise the limit (-MaximumSize).");
                }

                file.Write(buffer.AsSpan(0, count));
            }
        }

        return ImageArchive.OpenTar(path, _name, cancellationToken);
    }

    private FileStream OpenFile() => request.Path is { } path
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)
        : throw new ContainerToolsException(ErrorKind.InvalidArgument, "ArchiveMissing", "An import needs a path or a stream.");

    private void Report(Digest layer, string status, long done, long total, bool completed) => progress?.Report(new EngineProgress
    {
        Activity = Activity,
        Item = layer.Short,
        Status = status,
        Done = done,
        Total = total,
        Completed = completed,
    });
}
