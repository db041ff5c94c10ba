using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>
/// Fetches blobs of one repository into a store: a layer is downloaded, verified, decompressed and unpacked as it comes. The same blob is fetched by one at a time, whatever process it is in;
/// who waited finds it there. What came of one that broke off is kept, and gone on from.
/// </summary>
internal sealed class BlobFetcher(
    LayerStore layers, PullSource source, WorkDirectory work, LayerLimits limits, RegistryTransferOptions options, TimeProvider clock, IProgress<EngineProgress>? progress)
{
    private const string Activity = "Pull";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private long _received;
    private int _skipped;

    /// <summary>Bytes that came over the network.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Layers that were here already.</summary>
    public int Skipped => _skipped;

    /// <summary>Brings a layer into the store, leased to the work directory. Returns its blob when that has to be kept beside a layer that is there in another form.</summary>
    public async Task<KeptBlob?> FetchLayerAsync(Descriptor blob, Digest diffId, CancellationToken cancellationToken)
    {
        var waited = false;
        while (true)
        {
            if (layers.Lease(diffId, work) is { } layer)
            {
                if (layer.BlobDigest != blob.Digest && layers.FindBlob(blob.Digest) is null)
                {
                    return await FetchBlobAsync(blob, cancellationToken).ConfigureAwait(false);
                }

                _ = waited ? 0 : Interlocked.Increment(ref _skipped);
                Report(blob, "already here", blob.Size, completed: true);
                return layer.BlobDigest == blob.Digest ? null : await FetchBlobAsync(blob, cancellationToken).ConfigureAwait(false);
            }

            using var partial = PartialBlob.TryOpen(layers.Paths, blob.Digest);
            if (partial is null)
            {
                waited = true;
                Report(blob, "waiting for another pull", 0);
                await Task.Delay(Poll, clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // Between the look into the store and the lock, whoever held it may have finished.
            if (layers.Lease(diffId, work) is not null)
            {
                continue;
            }

            await DownloadAsync(blob, partial, (stream, token) => layers.UnpackAsync(stream, SourceOf(blob, diffId, partial), work, limits, token), cancellationToken).ConfigureAwait(false);
            partial.Discard();
            Report(blob, "complete", blob.Size, completed: true);
            return null;
        }
    }

    /// <summary>Brings a blob that is no layer.</summary>
    public async Task<KeptBlob> FetchBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (layers.FindBlob(blob.Digest) is not null && layers.TryHoldBlob(blob.Digest, work) is { } held)
            {
                return new KeptBlob(blob.Digest, blob.Size, held);
            }

            using var partial = PartialBlob.TryOpen(layers.Paths, blob.Digest);
            if (partial is null)
            {
                await Task.Delay(Poll, clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await DownloadAsync(blob, partial, (stream, token) => Task.Run(() => Verify(stream, blob, token), token), cancellationToken).ConfigureAwait(false);
            var path = work.NewPath("blob");
            File.Move(partial.Path, path);
            Report(blob, "complete", blob.Size, completed: true);
            return new KeptBlob(blob.Digest, blob.Size, path);
        }
    }

    /// <summary>What a file held from before may be damaged (a power cut): then everything is fetched once more.</summary>
    private async Task DownloadAsync(Descriptor blob, PartialBlob partial, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var stream = new BlobDownload((offset, token) => source.OpenBlobAsync(blob.Digest, offset, token), blob, partial, source.Registry, options, clock, cancellationToken);
            try
            {
                await take(stream, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ContainerToolsException error) when (error is not RegistryException { Kind: not ErrorKind.DataLoss } && error.Kind is ErrorKind.DataLoss or ErrorKind.InvalidArgument or ErrorKind.NotSupported)
            {
                partial.Discard();
                if (!stream.WasResumed && !source.TryLeaveMirror())
                {
                    throw;
                }
            }
            catch (RegistryException error) when (error.Kind is ErrorKind.Unavailable or ErrorKind.Timeout && source.TryLeaveMirror())
            {
                // The next one goes on where this one broke off.
            }
            finally
            {
                Interlocked.Add(ref _received, stream.Received);
            }
        }
    }

    private static void Verify(Stream stream, Descriptor blob, CancellationToken cancellationToken)
    {
        using var reader = new BlobReader(stream, null, cancellationToken);
        if (reader.Finish() is var actual && actual != blob.Digest)
        {
            throw StoreErrors.DigestMismatch(blob.Digest.ToString(), "the blob", blob.Digest, actual);
        }
    }

    private LayerSource SourceOf(Descriptor blob, Digest diffId, PartialBlob partial) => new()
    {
        Name = $"{source.Name}@{blob.Digest}",
        BlobDigest = blob.Digest,
        BlobSize = blob.Size,
        DiffId = diffId,
        BlobFile = partial.Path,
        Reopen = () => new FileStream(partial.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0),
        Progress = progress is null ? null : done => Report(blob, "downloading", done),
    };

    private void Report(Descriptor blob, string status, long done, bool completed = false) => progress?.Report(new EngineProgress
    {
        Activity = Activity,
        Item = blob.Digest.Short,
        Status = status,
        Done = done,
        Total = blob.Size,
        Completed = completed,
    });
}
