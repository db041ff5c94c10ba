using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <content>Whether images are what their digests say.</content>
internal sealed partial class ImageStore
{
    /// <summary>Which images have which layer, and what each is called, whatever else of them may be damaged.</summary>
    public ILookup<Digest, (Digest Image, string Name)> UsersOfLayers() => catalog.Read(connection => connection.Query(
        "SELECT DISTINCT l.diff_id, l.image_id, (SELECT MIN(tag) FROM tags t WHERE t.image_id = l.image_id) FROM image_layers l ORDER BY l.image_id",
        row => (Layer: Digest.Parse(row.GetString(0)), Image: Digest.Parse(row.GetString(1)), Name: row.IsDBNull(2) ? null : ImageReference.Parse(row.GetString(2)).Familiar)))
        .ToLookup(row => row.Layer, row => (row.Image, row.Name ?? row.Image.Short));

    /// <summary>All manifests with what is noted of them: what an index names, and the blobs that are kept for their sake.</summary>
    public IReadOnlyList<(ManifestRecord Record, IReadOnlyList<Digest> Members, IReadOnlyList<Digest> Blobs)> ListManifests() => catalog.Read(connection => connection
        .Query($"SELECT {ManifestColumns} FROM manifests ORDER BY digest", ReadManifestRow)
        .ConvertAll(manifest => (
            manifest,
            (IReadOnlyList<Digest>)connection.Query(
                "SELECT manifest_digest FROM index_entries WHERE index_digest = $digest ORDER BY position", row => Digest.Parse(row.GetString(0)), ("$digest", manifest.Digest.ToString())),
            (IReadOnlyList<Digest>)connection.Query(
                "SELECT digest FROM manifest_blobs WHERE manifest_digest = $digest ORDER BY digest", row => Digest.Parse(row.GetString(0)), ("$digest", manifest.Digest.ToString())))));

    /// <summary>Notes once more what an index names.</summary>
    public void NoteMembers(ManifestRecord index) => catalog.Write(connection =>
    {
        connection.Execute("DELETE FROM index_entries WHERE index_digest = $index", ("$index", index.Digest.ToString()));
        InsertMembers(connection, index.Digest, index.Content);
    });

    /// <summary>Images whose manifest is not there, whose layers are not those of their configuration or, when it looks deep, whose configuration is not what their id says.</summary>
    public IReadOnlyList<(Digest Image, string Reason)> FindDamaged(bool deep) => catalog.Read(connection => connection.Query(
        """
        SELECT id, config, EXISTS (SELECT 1 FROM manifests m WHERE m.digest = images.manifest_digest),
               (SELECT group_concat(diff_id, ' ') FROM (SELECT diff_id FROM image_layers WHERE image_id = images.id ORDER BY position))
        FROM images ORDER BY id
        """,
        row => (Image: Digest.Parse(row.GetString(0)), Config: System.Text.Encoding.UTF8.GetBytes(row.GetString(1)), HasManifest: row.GetBoolean(2), Layers: row.IsDBNull(3) ? "" : row.GetString(3))))
        .Select(row => (row.Image, Reason:
            !row.HasManifest ? "its manifest is not there"
            : deep && Digest.Of(row.Config) != row.Image ? "its configuration is not what its id says"
            : string.Join(' ', OciJson.ReadConfig(row.Config).RootFilesystem.DiffIds ?? []) != row.Layers ? "its layers are not those of its configuration"
            : null))
        .Where(row => row.Reason is not null)
        .Select(row => (row.Image, row.Reason!))
        .ToList();
}
