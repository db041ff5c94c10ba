using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <content>Tags.</content>
internal sealed partial class ImageStore
{
    /// <summary>Reads a tag as users write it; throws <c>InvalidImageReference</c>.</summary>
    public static ImageReference ParseTag(string text)
    {
        var reference = ParseName(text);
        return reference.Digest is null
            ? reference
            : throw StoreErrors.Translate(new OciFormatException("InvalidImageReference", $"'{text}' is not a tag: a digest cannot be given to an image."), "Image name");
    }

    /// <summary>Reads a name as users write it, with the tag <c>latest</c> when it has neither tag nor digest; throws <c>InvalidImageReference</c>.</summary>
    public static ImageReference ParseName(string text)
    {
        try
        {
            return ImageReference.Parse(text).WithDefaultTag();
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, "Image name");
        }
    }

    /// <summary>True when a name stands for something.</summary>
    public bool IsTaken(ImageReference name) => catalog.Read(connection =>
        connection.Scalar<long>("SELECT COUNT(*) FROM tags WHERE tag = $tag", ("$tag", name.WithDefaultTag().Canonical))) > 0;

    /// <summary>Throws <c>TagInUse</c> when one of the tags names something other than <paramref name="except"/>.</summary>
    public void RequireFree(IReadOnlyList<ImageReference> tags, Digest except) => catalog.Read(connection =>
    {
        RequireFree(connection, tags, except, null);
        return 0;
    });

    /// <summary>Gives what <paramref name="reference"/> stands for (an image, or an index with all its images) tags; tags that name something else move only when <paramref name="force"/> is set.</summary>
    public ImageRecord Tag(string reference, IReadOnlyList<ImageReference> tags, bool force)
    {
        var (record, freed) = catalog.WriteFreeing(connection =>
        {
            var id = FindId(connection, reference, null);
            var root = FindRoot(connection, reference) is { Kind: ManifestKind.Index } index ? index.Digest : (Digest?)null;
            if (!force)
            {
                RequireFree(connection, tags, id, root);
            }

            foreach (var tag in tags)
            {
                SetName(connection, tag, id, root);
            }

            return (Load(connection, id), Sweep(connection));
        });
        CollectFreed(freed);
        return record;
    }

    /// <summary>Takes a name away; the image stays. Throws <c>ImageNotFound</c>.</summary>
    public void Untag(ImageReference name)
    {
        CollectFreed(catalog.WriteFreeing(connection => connection.Execute("DELETE FROM tags WHERE tag = $tag", ("$tag", name.Canonical)) == 0
            ? throw NotFound(name.Familiar)
            : Sweep(connection)));
    }

    private static void RequireFree(SqliteConnection connection, IReadOnlyList<ImageReference> tags, Digest except, Digest? exceptRoot)
    {
        foreach (var tag in tags)
        {
            var holders = connection.Query(
                "SELECT image_id, manifest_digest FROM tags WHERE tag = $tag",
                row => (Image: row.IsDBNull(0) ? null : row.GetString(0), Root: row.IsDBNull(1) ? null : row.GetString(1)),
                ("$tag", tag.Canonical));
            if (holders is [(var image, var root)] && (image != except.ToString() || root != exceptRoot?.ToString()))
            {
                throw new ContainerToolsException(
                    ErrorKind.AlreadyExists,
                    "TagInUse",
                    $"The tag '{tag.Familiar}' names the image {Digest.Parse((root ?? image)!).Short} already.",
                    tag.Familiar,
                    "Use -Force to move the tag, or choose another name.");
            }
        }
    }

    private static void SetName(SqliteConnection connection, ImageReference name, Digest? image, Digest? root) => connection.Execute(
        """
        INSERT INTO tags (tag, image_id, manifest_digest) VALUES ($tag, $image, $root)
        ON CONFLICT (tag) DO UPDATE SET image_id = $image, manifest_digest = $root
        """,
        ("$tag", name.WithDefaultTag().Canonical),
        ("$image", image?.ToString()),
        ("$root", root?.ToString()));
}
