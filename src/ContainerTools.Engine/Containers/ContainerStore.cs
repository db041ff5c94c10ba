using System.Text.Json;
using ContainerTools.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Containers;

/// <summary>Containers in the catalogue. Knows rows; nothing of processes.</summary>
internal sealed class ContainerStore(Catalog catalog)
{
    private const int ForeignKeyViolation = 787;
    private const string Columns = "SELECT id, name, image_id, created, spec FROM containers";

    /// <summary>All containers, newest first.</summary>
    public IReadOnlyList<ContainerRecord> List() =>
        catalog.Read(connection => connection.Query($"{Columns} ORDER BY created DESC, rowid DESC", Map));

    /// <summary>One container by name, id or unique id prefix. Throws <c>ContainerNotFound</c>, <c>ContainerIdAmbiguous</c>.</summary>
    public ContainerRecord Get(string container) => Find(container) ?? throw NotFound(container);

    /// <summary>One container by name, id or unique id prefix; null when there is none. Throws <c>ContainerIdAmbiguous</c>.</summary>
    public ContainerRecord? Find(string container)
    {
        var rows = catalog.Read(connection =>
        {
            var exact = connection.Query($"{Columns} WHERE name = $it OR id = $it", Map, ("$it", container));
            return exact.Count > 0 || !IsIdPrefix(container)
                ? exact
                : connection.Query($"{Columns} WHERE id >= $it AND id < $it || 'g' LIMIT 3", Map, ("$it", container));
        });
        // A name may look like another container's id: the name wins, as in Docker.
        return rows.Count <= 1
            ? rows.SingleOrDefault()
            : rows.SingleOrDefault(row => row.Name == container) ?? rows.SingleOrDefault(row => row.Id == container) ?? throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "ContainerIdAmbiguous",
                $"The id prefix '{container}' fits several containers: {string.Join(", ", rows.Select(row => row.Name))} …",
                container,
                "Give more digits of the id, or the name.");
    }

    /// <summary>Adds a container; makes up a name when the spec has none. Throws <c>ContainerNameInUse</c>.</summary>
    public ContainerRecord Add(string id, string imageId, ContainerSpec spec)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = spec.Name ?? ContainerNames.Suggest(attempt);
            var record = new ContainerRecord(id, name, imageId, DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), spec with { Name = name });
            try
            {
                catalog.Write(connection => connection.Execute(
                    "INSERT INTO containers (id, name, image_id, created, spec) VALUES ($id, $name, $image, $created, $spec)",
                    ("$id", id),
                    ("$name", name),
                    ("$image", imageId),
                    ("$created", record.Created.ToUnixTimeMilliseconds()),
                    ("$spec", JsonSerializer.Serialize(record.Spec, ContainerJson.Default.ContainerSpec))));
                return record;
            }
            catch (SqliteException error) when (error.SqliteExtendedErrorCode == ForeignKeyViolation)
            {
                throw new ContainerToolsException(
                    ErrorKind.NotFound, "ImageNotFound", $"The image '{spec.Image}' was removed meanwhile.", spec.Image, "Import or build it again.", error);
            }
            catch (SqliteException error) when (IsUniqueViolation(error))
            {
                if (spec.Name is not null)
                {
                    throw NameInUse(name);
                }
            }
        }
    }

    /// <summary>Gives another name. Throws <c>ContainerNameInUse</c>.</summary>
    public void Rename(string id, string newName)
    {
        try
        {
            catalog.Write(connection => connection.Execute(
                "UPDATE containers SET name = $name, spec = json_set(spec, '$.Name', $name) WHERE id = $id", ("$name", newName), ("$id", id)));
        }
        catch (SqliteException error) when (IsUniqueViolation(error))
        {
            throw NameInUse(newName);
        }
    }

    /// <summary>Changes what a container was made with, but not its name.</summary>
    public ContainerRecord Change(string id, Func<ContainerSpec, ContainerSpec> change) => catalog.Write(connection =>
    {
        var record = connection.Query($"{Columns} WHERE id = $id", Map, ("$id", id)).SingleOrDefault() ?? throw NotFound(id);
        var changed = record with { Spec = change(record.Spec) };
        connection.Execute("UPDATE containers SET spec = $spec WHERE id = $id", ("$spec", JsonSerializer.Serialize(changed.Spec, ContainerJson.Default.ContainerSpec)), ("$id", id));
        return changed;
    });

    /// <summary>Takes a container's row away.</summary>
    public void Remove(string id) =>
        catalog.WriteFreeing(connection => connection.Execute("DELETE FROM containers WHERE id = $id", ("$id", id)));

    internal static ContainerToolsException NotFound(string container) => new(
        ErrorKind.NotFound, "ContainerNotFound", $"There is no container '{container}'.", container, "Get-Container lists the containers of this store.");

    private ContainerToolsException NameInUse(string name) => new(
        ErrorKind.AlreadyExists,
        "ContainerNameInUse",
        $"The name '{name}' is in use by container {Find(name)?.Id[..12] ?? "(just made)"}.",
        name,
        $"Choose another name, rename it (Rename-Container {name} NEWNAME), remove it (Remove-Container {name}), or replace it with -Force.");

    private static bool IsUniqueViolation(SqliteException error) => error.SqliteExtendedErrorCode is 2067 or 1555;

    private static bool IsIdPrefix(string text) => text.Length is > 0 and < 64 && text.All(char.IsAsciiHexDigitLower);

    private static ContainerRecord Map(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        JsonSerializer.Deserialize(row.GetString(4), ContainerJson.Default.ContainerSpec)!);
}
