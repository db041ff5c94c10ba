namespace ContainerTools.Engine.Storage;

/// <summary>
/// A directory below <see cref="StorePaths.Work"/> that belongs to one running operation: a file beside it stays locked (flock) while the owner
/// lives. It also holds leases on layers (<see cref="LayerStore.Lease"/>), which protect them from garbage collection until it is disposed.
/// </summary>
internal sealed class WorkDirectory : IDisposable
{
    private WorkDirectory(string id, string path) => (Id, Path) = (id, path);

    /// <summary>Unique name.</summary>
    public string Id { get; }

    /// <summary>The directory, on the file system of the layers.</summary>
    public string Path { get; }

    /// <summary>Makes and locks a new directory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="purpose">What for, as part of the name: <c>build</c>, <c>import</c>.</param>
    public static WorkDirectory Create(LayerStore store, string purpose) => throw new NotSupportedException($"{store} {purpose}");

    /// <summary>Makes a fresh subdirectory.</summary>
    public string NewDirectory(string name) => throw new NotSupportedException(name);

    /// <summary>Removes the directory and everything in it (never across mounts), and its leases.</summary>
    public void Dispose() => throw new NotSupportedException();
}
