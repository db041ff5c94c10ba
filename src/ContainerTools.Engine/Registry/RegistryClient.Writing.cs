using System.Net;
using System.Net.Http.Headers;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <content>Writes to the registry.</content>
internal sealed partial class RegistryClient
{
    private const string AnyContent = "application/octet-stream";

    /// <summary>True when the repository has a blob.</summary>
    public async Task<bool> HasBlobAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        var subject = $"{Host}/{repository}@{digest}";
        using var response = await transport.SendAsync(
            address => new HttpRequestMessage(HttpMethod.Head, address), $"v2/{prefix}{repository}/blobs/{digest}", PushScope(repository), subject, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        }

        return response.IsSuccessStatusCode;
    }

    /// <summary>Asks for a blob to be taken over from another repository of the registry; false when it must be uploaded after all.</summary>
    public async Task<bool> TryMountAsync(string repository, Digest digest, string from, CancellationToken cancellationToken)
    {
        var subject = $"{Host}/{repository}@{digest}";
        using var response = await transport.SendAsync(
            Post,
            $"v2/{prefix}{repository}/blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from)}",
            $"{PushScope(repository)} {PullScope(from)}",
            subject,
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is { } upload)
        {
            // The registry has begun an upload instead, which nobody wants.
            using var ended = await transport.SendAsync(address => new HttpRequestMessage(HttpMethod.Delete, address), upload.ToString(), PushScope(repository), subject, cancellationToken).ConfigureAwait(false);
        }

        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Uploads a blob whose digest and size are known, in one request. Throws <c>RegistryUploadRefused</c> when the registry finds another digest.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">Digest and size.</param>
    /// <param name="write">Writes the blob; called again when the upload has to be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task UploadAsync(string repository, Descriptor blob, Action<Stream, CancellationToken> write, CancellationToken cancellationToken) =>
        UploadAgainAsync(
            repository,
            blob.Digest.ToString(),
            async (location, subject) =>
            {
                using var response = await transport.SendOnceAsync(
                    address => new HttpRequestMessage(HttpMethod.Put, address) { Content = new StreamedContent(write, blob.Size, cancellationToken) { Headers = { ContentType = new MediaTypeHeaderValue(AnyContent) } } },
                    WithDigest(location, blob.Digest),
                    PushScope(repository),
                    subject,
                    cancellationToken).ConfigureAwait(false);
                await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
                return blob;
            },
            cancellationToken);

    /// <summary>Uploads a blob that is made while it is sent, as one chunk; its digest is known at the end.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="mediaType">Of the descriptor that is returned.</param>
    /// <param name="write">Writes the blob; called again when the upload has to be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Descriptor> UploadAsync(string repository, string mediaType, Action<Stream, CancellationToken> write, CancellationToken cancellationToken) =>
        UploadAgainAsync(
            repository,
            "a layer",
            async (location, subject) =>
            {
                Descriptor? sent = null;
                var content = new StreamedContent(
                    (stream, token) =>
                    {
                        using var digest = new DigestWriter(stream);
                        write(digest, token);
                        sent = new Descriptor { MediaType = mediaType, Digest = digest.GetDigest(), Size = digest.Count };
                    },
                    null,
                    cancellationToken);
                content.Headers.ContentType = new MediaTypeHeaderValue(AnyContent);
                using var chunk = await transport.SendOnceAsync(address => new HttpRequestMessage(HttpMethod.Patch, address) { Content = content }, location, PushScope(repository), subject, cancellationToken).ConfigureAwait(false);
                await RequireAsync(chunk, subject, cancellationToken).ConfigureAwait(false);
                using var closed = await transport.SendAsync(
                    address => new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent([]) },
                    WithDigest(chunk.Headers.Location is { } next ? new Uri(new Uri(location), next).ToString() : location, sent!.Digest),
                    PushScope(repository),
                    subject,
                    cancellationToken).ConfigureAwait(false);
                await RequireAsync(closed, subject, cancellationToken).ConfigureAwait(false);
                return sent!;
            },
            cancellationToken);

    /// <summary>Puts a manifest under a tag or its digest. Returns false when the registry keeps no list of referrers and the manifest has a subject.</summary>
    public async Task<bool> PutManifestAsync(string repository, string reference, string mediaType, byte[] content, CancellationToken cancellationToken)
    {
        var subject = NameOf(repository, reference);
        using var response = await transport.SendAsync(
            address => new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } } },
            $"v2/{prefix}{repository}/manifests/{reference}",
            PushScope(repository),
            subject,
            cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
        return response.Headers.Contains("OCI-Subject");
    }

    /// <summary>Deletes a tag or a manifest.</summary>
    public async Task DeleteManifestAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        var subject = NameOf(repository, reference);
        using var response = await transport.SendAsync(
            address => new HttpRequestMessage(HttpMethod.Delete, address), $"v2/{prefix}{repository}/manifests/{reference}", $"repository:{prefix}{repository}:pull,push,delete", subject, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, subject, cancellationToken).ConfigureAwait(false);
    }

    private string PushScope(string repository) => $"repository:{prefix}{repository}:pull,push";

    private static HttpRequestMessage Post(Uri address) => new(HttpMethod.Post, address) { Content = new ByteArrayContent([]) };

    private static string WithDigest(string location, Digest digest) =>
        $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}";

    /// <summary>An upload that breaks off is begun anew: its body cannot be sent a second time by itself.</summary>
    private async Task<Descriptor> UploadAgainAsync(string repository, string what, Func<string, string, Task<Descriptor>> send, CancellationToken cancellationToken)
    {
        var subject = $"{Host}/{repository}@{what}";
        for (var failures = 0; ;)
        {
            try
            {
                using var begun = await transport.SendAsync(Post, $"v2/{prefix}{repository}/blobs/uploads/", PushScope(repository), subject, cancellationToken).ConfigureAwait(false);
                await RequireAsync(begun, subject, cancellationToken).ConfigureAwait(false);
                var location = begun.Headers.Location ?? throw new RegistryException(
                    ErrorKind.Unavailable, "RegistryUnexpectedAnswer", $"{subject}: the registry {Host} begins an upload without saying where.", subject);
                return await send(await transport.ResolveAsync(location, cancellationToken).ConfigureAwait(false), subject).ConfigureAwait(false);
            }
            catch (RegistryException error) when (error.Kind is ErrorKind.Unavailable or ErrorKind.Timeout && error.Code != "RegistryCertificateRejected" && failures++ < Options.RetryCount)
            {
                await Task.Delay(Options.RetryInterval * (1 << Math.Min(failures - 1, 6)), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
