using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>The list of referrers of registries that keep none themselves: an index under a tag made of the subject's digest (distribution-spec, "Referrers Tag Schema").</summary>
internal static class ReferrersTag
{
    public static string Of(Digest subject) => subject.ToString().Replace(':', '-');

    /// <summary>Adds a manifest to the list, unless it is there.</summary>
    public static async Task AddAsync(RegistryClient client, string repository, Digest subject, Descriptor referrer, CancellationToken cancellationToken)
    {
        var known = await client.ListReferrersAsync(repository, subject, null, cancellationToken).ConfigureAwait(false);
        if (known.All(other => other.Digest != referrer.Digest))
        {
            await client.PutManifestAsync(
                repository,
                Of(subject),
                MediaTypes.ImageIndex,
                OciJson.Write(new ImageIndex { MediaType = MediaTypes.ImageIndex, Manifests = [.. known, referrer] }),
                cancellationToken).ConfigureAwait(false);
        }
    }
}
