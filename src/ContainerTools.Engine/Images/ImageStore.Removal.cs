using ContainerTools.Engine.Storage;
using ContainerTools.Oci;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Images;

/// <content>Removal.</content>
internal sealed partial class ImageStore
{
    /// <summary>
    /// Removes a name, and with the last name what it stands for: an image, an index with its images, or an artifact. By id or digest: all names and the image. With
    /// <paramref name="platform"/>: only the image for it. Layers that nothing else uses go too. Throws <c>ImageNotFound</c>, <c>ImageInUse</c>.
    /// </summary>
    public void Remove(string reference, bool force, Platform? platform = null) => CollectFreed(catalog.WriteFreeing(connection =>
    {
        if (platform is not null)
        {
            return RemoveImages(connection, reference, [FindId(connection, reference, platform)], force);
        }

        var root = FindRoot(connection, reference);
        var named = ImageReference.TryParse(reference, out var name)
            && connection.Scalar<long>("SELECT COUNT(*) FROM tags WHERE tag = $tag", ("$tag", name.WithDefaultTag().Canonical)) > 0;
        if (root is null or { Kind: ManifestKind.Image })
        {
            var record = Load(connection, FindId(connection, reference, null));
            return named && record.Tags.Count > 1 ? RemoveName(connection, name!) : RemoveImages(connection, reference, [record.Id], force);
        }

        if (named && NamesOf(connection, root.Digest).Count > 1)
        {
            return RemoveName(connection, name!);
        }

        // Images of the index that have a name of their own stay.
        var images = root.Kind == ManifestKind.Index ? ImagesOf(connection, root).Select(entry => entry.Image).ToList() : [];
        var names = NamesOf(connection, root.Digest).ToHashSet();
        return RemoveImages(connection, reference, [.. images.Where(image => Load(connection, image).Tags.All(names.Contains))], force, root.Digest);
    }));

    /// <summary>
    /// Removes an image that no container was made of and, unless <paramref name="named"/> is set, that no name leads to; false when there is no such image, or no more. Layers that
    /// nothing else uses go too.
    /// </summary>
    public bool RemoveUnused(Digest image, bool named)
    {
        var freed = catalog.WriteFreeing(connection => IsUnused(connection, image, named) ? RemoveImages(connection, image.ToString(), [image], force: false) : null);
        if (freed is not null)
        {
            CollectFreed(freed);
        }

        return freed is not null;
    }

    private static bool IsUnused(SqliteConnection connection, Digest image, bool named) => connection.Scalar<long>(
        """
        WITH RECURSIVE reached(digest) AS (
            SELECT manifest_digest FROM tags WHERE manifest_digest IS NOT NULL
            UNION SELECT e.manifest_digest FROM reached JOIN index_entries e ON e.index_digest = reached.digest)
        SELECT EXISTS (SELECT 1 FROM images WHERE id = $id)
            AND NOT EXISTS (SELECT 1 FROM containers WHERE image_id = $id)
            AND ($named OR NOT (
                EXISTS (SELECT 1 FROM tags WHERE image_id = $id)
                OR EXISTS (SELECT 1 FROM reached JOIN manifests m ON m.digest = reached.digest WHERE m.image_id = $id)))
        """,
        ("$id", image.ToString()),
        ("$named", named)) == 1;

    private static FreedContent RemoveName(SqliteConnection connection, ImageReference name)
    {
        connection.Execute("DELETE FROM tags WHERE tag = $tag", ("$tag", name.WithDefaultTag().Canonical));
        return Sweep(connection);
    }

    private static FreedContent RemoveImages(SqliteConnection connection, string reference, IReadOnlyList<Digest> images, bool force, Digest? root = null)
    {
        var users = images
            .SelectMany(image => connection.Query("SELECT name FROM containers WHERE image_id = $id ORDER BY name", row => (Image: image, Name: row.GetString(0)), ("$id", image.ToString())))
            .ToList();
        if (users.Count > 0 && !force)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict,
                "ImageInUse",
                $"The image '{reference}' is used by {(users.Count == 1 ? "the container" : "containers")} {string.Join(", ", users.Take(5).Select(user => user.Name))}{(users.Count > 5 ? ", …" : "")}.",
                reference,
                "Remove the containers first, or use -Force to take only the image's tags away.");
        }

        if (root is { } digest)
        {
            connection.Execute("DELETE FROM tags WHERE manifest_digest = $root", ("$root", digest.ToString()));
        }

        var layers = new List<Digest>();
        var blobs = new List<Digest>();
        foreach (var image in images)
        {
            // A name of an index goes over to another of its images, if one is here.
            connection.Execute(
                """
                UPDATE tags SET image_id = (
                    SELECT m.image_id FROM index_entries e JOIN manifests m ON m.digest = e.manifest_digest
                    WHERE e.index_digest = tags.manifest_digest AND m.image_id <> $id ORDER BY e.position LIMIT 1)
                WHERE image_id = $id AND manifest_digest IS NOT NULL
                """,
                ("$id", image.ToString()));
            connection.Execute("DELETE FROM tags WHERE image_id = $id", ("$id", image.ToString()));
            if (users.All(user => user.Image != image))
            {
                layers.AddRange(connection.Query("SELECT diff_id FROM image_layers WHERE image_id = $id", row => Digest.Parse(row.GetString(0)), ("$id", image.ToString())));
                blobs.AddRange(connection.Query(
                    "SELECT b.digest FROM manifest_blobs b JOIN manifests m ON m.digest = b.manifest_digest WHERE m.image_id = $id", row => Digest.Parse(row.GetString(0)), ("$id", image.ToString())));
                connection.Execute("DELETE FROM images WHERE id = $id", ("$id", image.ToString()));
            }
        }

        // An index none of whose images is left here is of no more use.
        connection.Execute(
            """
            DELETE FROM tags WHERE image_id IS NULL AND manifest_digest IN (
                SELECT r.digest FROM manifests r JOIN index_entries n ON n.index_digest = r.digest WHERE r.kind = 'index'
                EXCEPT SELECT e.index_digest FROM index_entries e JOIN manifests m ON m.digest = e.manifest_digest WHERE m.image_id IS NOT NULL)
            """);
        var swept = Sweep(connection);
        return new FreedContent(layers, [.. swept.Blobs, .. blobs]);
    }

    /// <summary>Deletes manifests that nothing reaches: indexes without a name, artifacts without a name, an index or a subject. Images are never swept.</summary>
    private static FreedContent Sweep(SqliteConnection connection)
    {
        const string Unreached =
            """
            kind <> 'image'
            AND digest NOT IN (SELECT manifest_digest FROM tags WHERE manifest_digest IS NOT NULL)
            AND digest NOT IN (SELECT manifest_digest FROM index_entries)
            AND (kind = 'index' OR subject IS NULL OR subject NOT IN (SELECT digest FROM manifests))
            """;
        var blobs = new List<Digest>();
        int deleted;
        do
        {
            blobs.AddRange(connection.Query(
                $"SELECT digest FROM manifest_blobs WHERE manifest_digest IN (SELECT digest FROM manifests WHERE {Unreached})", row => Digest.Parse(row.GetString(0))));
            deleted = connection.Execute($"DELETE FROM manifests WHERE {Unreached}");
        }
        while (deleted > 0);
        return blobs.Count == 0 ? FreedContent.None : new FreedContent([], blobs);
    }

    private void CollectFreed(FreedContent freed)
    {
        if (freed.Layers.Count > 0)
        {
            _ = layers.CollectGarbage(freed.Layers);
        }

        if (freed.Blobs.Count > 0)
        {
            layers.CollectBlobs(freed.Blobs);
        }
    }
}
