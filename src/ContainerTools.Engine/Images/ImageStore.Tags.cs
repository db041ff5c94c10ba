using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <content>Tags and removal.</content>
internal sealed partial class ImageStore
{
    /// <summary>Reads a tag as users write it; throws <c>InvalidImageReference</c>.</summary>
    public static ImageReference ParseTag(string text)
    {
        try
        {
            var reference = ImageReference.Parse(text);
            return reference.Digest is null
                ? reference.WithDefaultTag()
                : throw new OciFormatException("InvalidImageReference", $"'{text}' is not a tag: a digest cannot be given to an image.");
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, "Image name");
        }
    }

    /// <summary>Throws <c>TagInUse</c> when one of the tags names an image other than <paramref name="except"/>.</summary>
    public void RequireFree(IReadOnlyList<ImageReference> tags, Digest except) => catalog.Read(connection =>
    {
        RequireFree(connection, tags, except);
        return 0;
    });

    /// <summary>Gives an image tags; tags that name another image move only when <paramref name="force"/> is set.</summary>
    public ImageRecord Tag(string image, IReadOnlyList<ImageReference> tags, bool force) => catalog.Write(connection =>
    {
        var id = FindId(connection, image);
        if (!force)
        {
            RequireFree(connection, tags, except: id);
        }

        foreach (var tag in tags)
        {
            SetTag(connection, tag, id);
        }

        return Load(connection, id);
    });

    /// <summary>Takes a tag away; the image stays. Throws <c>ImageNotFound</c>.</summary>
    public void Untag(ImageReference tag) => catalog.Write(connection =>
    {
        if (connection.Execute("DELETE FROM tags WHERE tag = $tag", ("$tag", tag.Canonical)) == 0)
        {
            throw NotFound(tag.Familiar);
        }
    });

    /// <summary>Removes a tag, and with the last tag (or by id, all tags and) the image and the layers nothing else uses.</summary>
    public void Remove(string image, bool force)
    {
        var freed = catalog.WriteFreeing(connection =>
        {
            var record = Load(connection, FindId(connection, image));
            var tag = ImageReference.TryParse(image, out var name) && name.Digest is null
                ? record.Tags.FirstOrDefault(candidate => candidate.Canonical == name.WithDefaultTag().Canonical)
                : null;
            if (tag is not null && record.Tags.Count > 1)
            {
                connection.Execute("DELETE FROM tags WHERE tag = $tag", ("$tag", tag.Canonical));
                return [];
            }

            var users = connection.Query("SELECT name FROM containers WHERE image_id = $id ORDER BY name", row => row.GetString(0), ("$id", record.Id.ToString()));
            if (users.Count > 0 && !force)
            {
                throw new ContainerToolsException(
                    ErrorKind.Conflict,
                    "ImageInUse",
                    $"The image '{image}' is used by {(users.Count == 1 ? "the container" : "containers")} {string.Join(", ", users.Take(5))}{(users.Count > 5 ? ", …" : "")}.",
                    image,
                    "Remove the containers first, or use -Force to take only the image's tags away.");
            }

            connection.Execute("DELETE FROM tags WHERE image_id = $id", ("$id", record.Id.ToString()));
            if (users.Count > 0)
            {
                return [];
            }

            connection.Execute("DELETE FROM images WHERE id = $id", ("$id", record.Id.ToString()));
            return record.Layers;
        });
        if (freed.Count > 0)
        {
            _ = layers.CollectGarbage(freed);
        }
    }

    private static void RequireFree(SqliteConnection connection, IReadOnlyList<ImageReference> tags, Digest except)
    {
        foreach (var tag in tags)
        {
            if (connection.Scalar<string>("SELECT image_id FROM tags WHERE tag = $tag", ("$tag", tag.Canonical)) is { } holder && holder != except.ToString())
            {
                throw new ContainerToolsException(
                    ErrorKind.AlreadyExists,
                    "TagInUse",
                    $"The tag '{tag.Familiar}' names the image {Digest.Parse(holder).Short} already.",
                    tag.Familiar,
                    "Use -Force to move the tag, or choose another name.");
            }
        }
    }

    private static void SetTag(SqliteConnection connection, ImageReference tag, Digest id) => connection.Execute(
        "INSERT INTO tags (tag, image_id) VALUES ($tag, $id) ON CONFLICT (tag) DO UPDATE SET image_id = $id WHERE image_id <> $id",
        ("$tag", tag.WithDefaultTag().Canonical),
        ("$id", id.ToString()));
}
