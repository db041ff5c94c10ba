using System.Collections.Concurrent;
using ContainerTools.Engine.Registry;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>What a test says about registries.</summary>
internal sealed class RegistrySetup : IRegistrySettings, IRegistryCredentials
{
    public ConcurrentDictionary<string, RegistrySettings> Settings { get; } = new();

    public ConcurrentDictionary<string, RegistryCredential> Credentials { get; } = new();

    public IReadOnlyList<string> SearchOrder { get; set; } = ["docker.io"];

    /// <summary>Impatient: tests do not wait for what never comes.</summary>
    public RegistryTransferOptions Options { get; set; } = new()
    {
        RetryInterval = TimeSpan.FromMilliseconds(20),
        AnswerTimeout = TimeSpan.FromSeconds(10),
        StallTimeout = TimeSpan.FromSeconds(5),
    };

    public RegistrySettings Find(string registry) => Settings.GetValueOrDefault(registry) ?? new RegistrySettings { Name = registry };

    public ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken) => ValueTask.FromResult(Credentials.GetValueOrDefault(registry));
}
