[assembly: AssemblyFixture(typeof(ContainerTools.Engine.Tests.Registry.PlainRegistry))]

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>One registry for all tests that need no special one: plain HTTP, open to everybody. Each test has repositories of its own.</summary>
public sealed class PlainRegistry : IDisposable
{
    private readonly Lazy<RegistryServer> _server = new(() => new RegistryServer());
    private int _repositories;

    public RegistryServer Server => _server.Value;

    public string Address => $"http://localhost:{Server.Port}/";

    /// <summary>A repository that no other test uses.</summary>
    public string NewRepository() => $"test/repository-{Interlocked.Increment(ref _repositories)}";

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }
}
