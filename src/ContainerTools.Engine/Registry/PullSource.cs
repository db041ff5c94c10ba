using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>One repository, and everybody who may have it: mirrors first, then the registry. What one cannot give, the next is asked for.</summary>
internal sealed class PullSource(string registry, string repository, IReadOnlyList<RegistryClient> clients)
{
    private int _first;

    /// <summary>The registry of the name, whoever answers.</summary>
    public string Registry => registry;

    public string Repository => repository;

    /// <summary><c>registry/repository</c>.</summary>
    public string Name => $"{registry}/{repository}";

    public Task<RemoteManifest> GetManifestAsync(string reference, Descriptor? expected, CancellationToken cancellationToken) =>
        FirstAsync(client => client.GetManifestAsync(repository, reference, expected, cancellationToken));

    public Task<byte[]> GetBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        FirstAsync(client => client.GetBlobAsync(repository, blob, cancellationToken));

    public Task<HttpResponseMessage> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        FirstAsync(client => client.OpenBlobAsync(repository, digest, offset, cancellationToken));

    /// <summary>Asks the first mirror no more, because it breaks off or sends what is wrong; false when only the registry is left.</summary>
    public bool TryLeaveMirror() => TryLeave(Volatile.Read(ref _first));

    private bool TryLeave(int position) =>
        position < clients.Count - 1 && (Interlocked.CompareExchange(ref _first, position + 1, position) == position || Volatile.Read(ref _first) > position);

    /// <summary>What the registry itself refuses is what the user hears of; a mirror's trouble is not.</summary>
    private async Task<T> FirstAsync<T>(Func<RegistryClient, Task<T>> ask)
    {
        for (var position = Volatile.Read(ref _first); ; position++)
        {
            try
            {
                return await ask(clients[position]).ConfigureAwait(false);
            }
            catch (ContainerToolsException error) when (position < clients.Count - 1)
            {
                // The next one may have it. One that is not there would cost its time again with each request.
                _ = error.Kind is ErrorKind.Unavailable or ErrorKind.Timeout && TryLeave(position);
            }
        }
    }
}
