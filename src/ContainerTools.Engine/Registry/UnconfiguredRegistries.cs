namespace ContainerTools.Engine.Registry;

/// <summary>Registries of which nobody said anything, and nobody logged in to.</summary>
internal sealed class UnconfiguredRegistries : IRegistrySettings, IRegistryCredentials
{
    public IReadOnlyList<string> SearchOrder => ["docker.io"];

    public RegistrySettings Find(string registry) => new() { Name = registry };

    public ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken) => ValueTask.FromResult<RegistryCredential?>(null);
}
