using System.Net;
using System.Security.Cryptography.X509Certificates;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>A registry that misbehaves, an image of two layers in it under the tag <c>1</c>, and a store that pulls it with little patience.</summary>
internal sealed class HostilePull : IDisposable
{
    private readonly RegistryAccess _access;

    public HostilePull(RegistryTransferOptions? options = null, X509Certificate2? certificate = null, bool asksForCertificate = false, IWebProxy? proxy = null)
    {
        Manifest = Content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(1), RemoteContent.Layer(2)]);
        Server = new HostileRegistry(Content, certificate, asksForCertificate);
        Server.Tag("1", Manifest);
        Options = options ?? Impatient;
        _access = new RegistryAccess(Store.RegistrySetup, Store.RegistrySetup, () => proxy ?? Proxy, Options);
        Images = new ImageOperations(Store.ImageStore, _access);
        Repositories = new RepositoryOperations(_access);
    }

    /// <summary>Few tries with short waits, and time enough on a busy machine.</summary>
    public static RegistryTransferOptions Impatient { get; } = new()
    {
        RetryCount = 2,
        RetryInterval = TimeSpan.FromMilliseconds(5),
        LongestWait = TimeSpan.FromSeconds(3),
        AnswerTimeout = TimeSpan.FromSeconds(20),
        StallTimeout = TimeSpan.FromSeconds(10),
    };

    public TestStore Store { get; } = new();

    public RemoteContent Content { get; } = new();

    public HostileRegistry Server { get; }

    public RegistryTransferOptions Options { get; }

    /// <summary>The way to the registry, when it has a name that is not the loopback's.</summary>
    public IWebProxy? Proxy { get; set; }

    public Descriptor Manifest { get; set; }

    public IImageOperations Images { get; }

    public IRepositoryOperations Repositories { get; }

    public string Name => $"{Server.Name}/some/image:1";

    /// <summary>The layers of the image, base first.</summary>
    public IReadOnlyList<Descriptor> Layers => OciJson.ReadManifest(Content.Manifests[Manifest.Digest].Content).Layers;

    public Descriptor Config => OciJson.ReadManifest(Content.Manifests[Manifest.Digest].Content).Config;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<ImagePullResult> PullAsync(string? name = null, long? maximumSize = null, CancellationToken? cancellationToken = null) => Images.PullAsync(
        new ImagePullRequest { Name = name ?? Name, MaximumSize = maximumSize }, null, cancellationToken ?? Token);

    /// <summary>Pulls; the pull must fail with a code, leave nothing but parts of blobs, and be able to succeed once the registry behaves.</summary>
    public async Task<ContainerToolsException> FailAsync(string code, Func<HostileRequest, HostileAnswer, HostileAnswer> change, long? maximumSize = null)
    {
        Server.Change = change;
        var error = await Assert.ThrowsAnyAsync<ContainerToolsException>(() => PullAsync(maximumSize: maximumSize));
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain(error.Message, char.IsControl);
        AssertNothingStored();

        Server.Change = (_, good) => good;
        Server.Tag("good", Content.AddImage(Platform.HostArchitecture, [RemoteContent.Layer(1), RemoteContent.Layer(2)]));
        Assert.Single((await PullAsync($"{Server.Name}/some/image:good")).Images);
        Assert.DoesNotContain(PartialOf(Layers[0]), Partials());
        return error;
    }

    public void AssertNothingStored()
    {
        Assert.Empty(Images.List());
        Assert.Empty(Directory.Exists(Store.Paths.Work) ? Directory.GetFileSystemEntries(Store.Paths.Work) : []);

        // Whole layers stay until garbage is collected, for the next try; a layer is one that a digest of the image vouches for.
        var honest = Layers.Select(layer => layer.Digest.Hex).ToList();
        Assert.All(Directory.Exists(Store.Paths.Blobs) ? Directory.GetFiles(Store.Paths.Blobs, "*", SearchOption.AllDirectories) : [], path => Assert.Contains(Path.GetFileName(path), honest));
        Assert.All(Partials(), path => Assert.Contains(Content.Blobs.Keys, blob => Path.GetFileName(path).StartsWith(blob.Hex, StringComparison.Ordinal)));
    }

    public IReadOnlyList<string> Partials() => Directory.Exists(Store.Paths.Partial) ? Directory.GetFiles(Store.Paths.Partial) : [];

    public string PartialOf(Descriptor blob) => Path.Combine(Store.Paths.Partial, blob.Digest.Hex);

    public void Dispose()
    {
        _access.Dispose();
        Server.Dispose();
        Store.Dispose();
    }
}
