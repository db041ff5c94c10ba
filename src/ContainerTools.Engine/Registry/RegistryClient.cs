using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Reads one registry (OCI distribution-spec 1.1; Docker Registry HTTP API V2). Thread-safe.</summary>
/// <param name="transport">The way to it.</param>
/// <param name="prefix">Path before every repository, where a mirror keeps them under one; else empty.</param>
internal sealed partial class RegistryClient(RegistryTransport transport, string prefix = "")
{
    /// <summary>The most that a manifest may have (distribution-spec, "Pushing Manifests": registries should take 4 MiB).</summary>
    public const int LargestManifest = 4 << 20;

    private const int LargestPage = 4 << 20;
    private const int MostPages = 10_000;
    private const int MostNames = 1_000_000;

    private static readonly string[] Accepted =
    [
        MediaTypes.ImageIndex, MediaTypes.DockerManifestList, MediaTypes.ImageManifest, MediaTypes.DockerManifest,
    ];

    public string Host => transport.Host;

    /// <summary>Asks whether the registry is there and takes the login. Throws <see cref="RegistryException"/>.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var response = await GetAsync("v2/", "", Host, null, LargestPage, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, Host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A manifest or index by tag or digest, verified. Throws <c>RemoteImageNotFound</c>, <c>DigestMismatch</c>, <c>SizeMismatch</c>, <c>ManifestTypeMismatch</c>, <c>ManifestNotSupported</c>.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reference">Tag or digest.</param>
    /// <param name="expected">What an index or the user says of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RemoteManifest> GetManifestAsync(string repository, string reference, Descriptor? expected, CancellationToken cancellationToken)
    {
        var subject = NameOf(repository, reference);
        using var response = await GetAsync($"v2/{prefix}{repository}/manifests/{reference}", PullScope(repository), subject, Accepted, LargestManifest, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return Verify(response, content, subject, Digest.TryParse(reference, out var digest) ? digest : null, expected);
    }

    /// <summary>A blob that is a document, verified. Throws <c>DocumentTooLarge</c>, <c>DigestMismatch</c>.</summary>
    public async Task<byte[]> GetBlobAsync(string repository, Descriptor blob, CancellationToken cancellationToken)
    {
        var subject = $"{Host}/{repository}@{blob.Digest}";
        using var response = await GetAsync($"v2/{prefix}{repository}/blobs/{blob.Digest}", PullScope(repository), subject, null, blob.Size, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return Digest.Of(content) is var actual && actual == blob.Digest ? content : throw StoreErrors.DigestMismatch(subject, "the blob", blob.Digest, actual);
    }

    /// <summary>What a tag or digest stands for, without reading it; null when it is not there.</summary>
    public async Task<Descriptor?> FindManifestAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        var subject = NameOf(repository, reference);
        using var response = await transport.SendAsync(
            address => Request(HttpMethod.Head, address, Accepted), $"v2/{prefix}{repository}/manifests/{reference}", PullScope(repository), subject, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        if (!response.Headers.TryGetValues("Docker-Content-Digest", out var digests) || !Digest.TryParse(digests.First(), out var digest))
        {
            // The header is optional (distribution-spec, "Checking if content exists in the registry").
            return (await GetManifestAsync(repository, reference, null, cancellationToken).ConfigureAwait(false)).Descriptor;
        }

        if (Digest.TryParse(reference, out var wanted) && wanted != digest)
        {
            throw StoreErrors.DigestMismatch(subject, "the manifest", wanted, digest);
        }

        return new Descriptor { MediaType = response.Content.Headers.ContentType?.MediaType ?? "", Digest = digest, Size = response.Content.Headers.ContentLength ?? 0 };
    }

    /// <summary>Opens a blob from an offset on; whoever gets the answer disposes it. Its status is 200 (all of it), 206 (from the offset) or 416 (nothing there).</summary>
    public async Task<HttpResponseMessage> OpenBlobAsync(string repository, Digest digest, long offset, CancellationToken cancellationToken)
    {
        var subject = $"{Host}/{repository}@{digest}";
        var response = await transport.SendAsync(
            address =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
                return request;
            },
            $"v2/{prefix}{repository}/blobs/{digest}",
            PullScope(repository),
            subject,
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            throw await RegistryErrors.FromResponseAsync(response, subject, Host, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tags of a repository, as the registry orders them.</summary>
    public Task<IReadOnlyList<string>> ListTagsAsync(string repository, CancellationToken cancellationToken) =>
        ListAsync($"v2/{prefix}{repository}/tags/list?n=1000", PullScope(repository), $"{Host}/{repository}", "tags", item => item.GetString(), cancellationToken);

    /// <summary>Repositories of the registry, as far as it tells.</summary>
    public Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        ListAsync("v2/_catalog?n=1000", "registry:catalog:*", Host, "repositories", item => item.GetString(), cancellationToken);

    /// <summary>Manifests that are about another (distribution-spec, "Listing Referrers", with its fallback to a tag).</summary>
    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(string repository, Digest subject, string? artifactType, CancellationToken cancellationToken)
    {
        var name = $"{Host}/{repository}@{subject}";
        var query = artifactType is null ? "" : "?artifactType=" + Uri.EscapeDataString(artifactType);
        IReadOnlyList<Descriptor> found;
        try
        {
            found = await ListAsync($"v2/{prefix}{repository}/referrers/{subject}{query}", PullScope(repository), name, "manifests", OciJson.ReadDescriptor, cancellationToken, MediaTypes.ImageIndex).ConfigureAwait(false);
        }
        catch (RegistryException error) when (error.StatusCode is 404 or 400 or 405)
        {
            found = await FindManifestAsync(repository, ReferrersTag.Of(subject), cancellationToken).ConfigureAwait(false) is null
                ? []
                : OciJson.ReadIndex((await GetManifestAsync(repository, ReferrersTag.Of(subject), null, cancellationToken).ConfigureAwait(false)).Content).Manifests;
        }

        return artifactType is null ? found : [.. found.Where(descriptor => descriptor.ArtifactType == artifactType)];
    }

    /// <summary>A document beside the registry's own interface: Docker Hub's search.</summary>
    public async Task<JsonDocument> GetJsonAsync(string path, string subject, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(path, "", subject, null, LargestPage, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (JsonException error)
        {
            throw new RegistryException(ErrorKind.DataLoss, "RegistryAnswerInvalid", $"{subject}: the answer cannot be read: {error.Message}", subject, "Try again later.", error);
        }
    }

    private RegistryTransferOptions Options => transport.Options;

    private string PullScope(string repository) => $"repository:{prefix}{repository}:pull";

    private string NameOf(string repository, string reference) => $"{Host}/{repository}{(reference.Contains(':', StringComparison.Ordinal) ? '@' : ':')}{reference}";

    private Task<HttpResponseMessage> GetAsync(string path, string scope, string subject, string[]? accept, long largest, CancellationToken cancellationToken) =>
        transport.SendAsync(address => Request(HttpMethod.Get, address, accept ?? []), path, scope, subject, cancellationToken, largest);

    private static HttpRequestMessage Request(HttpMethod method, Uri address, IEnumerable<string> accept)
    {
        var request = new HttpRequestMessage(method, address);
        foreach (var type in accept)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        return request;
    }

    private async Task RequireAsync(HttpResponseMessage response, string subject, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                throw await RegistryErrors.FromResponseAsync(response, subject, Host, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static RemoteManifest Verify(HttpResponseMessage response, byte[] content, string subject, Digest? wanted, Descriptor? expected)
    {
        var actual = Digest.Of(content);
        var stated = response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var header) ? header : (Digest?)null;
        if ((expected?.Digest ?? wanted ?? stated) is { } right && right != actual)
        {
            throw StoreErrors.DigestMismatch(subject, "the manifest", right, actual);
        }

        if (expected is not null && expected.Size != content.Length)
        {
            throw new RegistryException(
                ErrorKind.DataLoss, "SizeMismatch", $"{subject}: the manifest has {content.Length} bytes, but the index states {expected.Size}.", subject, "Tell whoever made the image.");
        }

        var mediaType = ManifestTypes.Determine(content, response.Content.Headers.ContentType?.MediaType, expected?.MediaType, subject);
        return new RemoteManifest(new Descriptor { MediaType = mediaType, Digest = actual, Size = content.Length }, content, RateLimit.From(response));
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string path, string scope, string subject, string member, Func<JsonElement, T?> read, CancellationToken cancellationToken, string? accept = null)
        where T : class
    {
        var all = new List<T>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (string? next = path; next is not null;)
        {
            if (!seen.Add(next) || seen.Count > MostPages || all.Count > MostNames)
            {
                throw new RegistryException(
                    ErrorKind.ResourceExhausted, "RegistryListEndless", $"{subject}: the list of {member} does not end; {all.Count} came in {seen.Count} pages.", subject, "Tell whoever runs the registry.");
            }

            using var response = await GetAsync(next, scope, subject, accept is null ? null : [accept], LargestPage, cancellationToken).ConfigureAwait(false);
            await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
            all.AddRange(await ReadPageAsync(response, subject, member, read, cancellationToken).ConfigureAwait(false));
            next = NextPage(response, next);
        }

        return all;
    }

    private static async Task<List<T>> ReadPageAsync<T>(HttpResponseMessage response, string subject, string member, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var page = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));

            // A repository without tags has null in place of a list in some registries.
            return page.RootElement.GetProperty(member) is { ValueKind: not JsonValueKind.Null } list ? [.. list.EnumerateArray().Select(read).OfType<T>()] : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or OciFormatException)
        {
            throw new RegistryException(
                ErrorKind.DataLoss, "RegistryAnswerInvalid", $"{subject}: the list of {member} cannot be read: {error.Message}", subject, "Tell whoever runs the registry.", error);
        }
    }

    /// <summary>The address in <c>Link: &lt;…&gt;; rel="next"</c> (RFC 8288), on this registry only.</summary>
    private static string? NextPage(HttpResponseMessage response, string current)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || links.FirstOrDefault(link => link.Contains("next", StringComparison.Ordinal)) is not { } link)
        {
            return null;
        }

        var (start, end) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
        return start >= 0 && end > start && Uri.TryCreate(new Uri("http://registry/" + current), link[(start + 1)..end], out var next) ? next.PathAndQuery.TrimStart('/') : null;
    }
}
