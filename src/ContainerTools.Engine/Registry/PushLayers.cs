using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Brings blobs from a store to one repository: what is there already is not sent, what another repository of the registry has is taken over, and only the rest is uploaded.</summary>
internal sealed class PushLayers(ImageStore store, RegistryClient client, string registry, string repository, IProgress<EngineProgress>? progress)
{
    private long _sent;
    private int _skipped;
    private int _mounted;

    public long Sent => Interlocked.Read(ref _sent);

    public int Skipped => _skipped;

    public int Mounted => _mounted;

    /// <summary>A blob as the store has it.</summary>
    public async Task<Descriptor> PushAsync(Descriptor blob, Digest? layer, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(blob.Digest, layer, blob.Size, cancellationToken).ConfigureAwait(false))
        {
            await client.UploadAsync(repository, blob, (stream, token) => store.Layers.WriteBlob(blob.Digest, Meter(stream, blob.Digest, blob.Size), token), cancellationToken).ConfigureAwait(false);
            Report(blob.Digest, "complete", blob.Size, blob.Size, completed: true);
        }

        return blob;
    }

    /// <summary>A document that the store does not have as a blob: an image's configuration.</summary>
    public async Task PushDocumentAsync(Descriptor blob, byte[] content, CancellationToken cancellationToken)
    {
        if (!await client.HasBlobAsync(repository, blob.Digest, cancellationToken).ConfigureAwait(false))
        {
            await client.UploadAsync(repository, blob, (stream, _) => stream.Write(content), cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _sent, content.Length);
        }
    }

    /// <summary>A layer compressed in another way than the store has it. What compressing gave before is remembered, so that a registry that has it need not wait for it again.</summary>
    public async Task<Descriptor> PushCompressedAsync(Digest layer, LayerCompression compression, CancellationToken cancellationToken)
    {
        if (store.Layers.FindCompressed(layer, compression.Name, compression.Level) is var (digest, size) && await IsThereAsync(digest, layer, size, cancellationToken).ConfigureAwait(false))
        {
            return new Descriptor { MediaType = compression.MediaType, Digest = digest, Size = size };
        }

        var record = store.Layers.Get(layer);
        var sent = await client.UploadAsync(
            repository,
            compression.MediaType,
            (stream, token) =>
            {
                using var compressed = compression.Open(new MeteredStream(stream, count => Interlocked.Add(ref _sent, count)));
                store.Layers.WriteTar(record, Meter(compressed, layer, record.BlobSize, count: false), token);
            },
            cancellationToken).ConfigureAwait(false);
        store.Layers.RememberCompressed(layer, compression.Name, compression.Level, sent.Digest, sent.Size);
        Report(layer, "complete", sent.Size, sent.Size, completed: true);
        return sent;
    }

    private async Task<bool> IsThereAsync(Digest blob, Digest? layer, long size, CancellationToken cancellationToken)
    {
        if (await client.HasBlobAsync(repository, blob, cancellationToken).ConfigureAwait(false))
        {
            Interlocked.Increment(ref _skipped);
            Report(blob, "already there", size, size, completed: true);
            return true;
        }

        foreach (var from in layer is { } diffId ? store.RepositoriesWith(diffId, registry).Where(name => name != repository).Take(3) : [])
        {
            if (await client.TryMountAsync(repository, blob, from, cancellationToken).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _mounted);
                Report(blob, $"taken over from {from}", size, size, completed: true);
                return true;
            }
        }

        return false;
    }

    private MeteredStream Meter(Stream target, Digest item, long total, bool count = true)
    {
        var (done, reported) = (0L, 0L);
        return new MeteredStream(target, bytes =>
        {
            done += bytes;
            _ = count ? Interlocked.Add(ref _sent, bytes) : 0;
            if (done - reported >= 1 << 20)
            {
                reported = done;
                Report(item, "uploading", done, total, completed: false);
            }
        });
    }

    private void Report(Digest item, string status, long done, long total, bool completed) => progress?.Report(new EngineProgress
    {
        Activity = "Push",
        Item = item.Short,
        Status = status,
        Done = done,
        Total = total,
        Completed = completed,
    });
}
