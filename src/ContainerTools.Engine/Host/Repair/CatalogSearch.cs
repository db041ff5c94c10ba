using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Whether the catalogue is whole, and its rows refer to rows that are there (sqlite.org/pragma.html).</summary>
internal sealed class CatalogSearch(Catalog catalog)
{
    public IEnumerable<Finding> Find()
    {
        if (Damage() is { } damage)
        {
            yield return new Finding("Catalog", catalog.Path, $"the catalogue is damaged: {damage}", Reindex)
            {
                IsDamage = true,
                RecommendedAction = "If that does not help, move the store's directory away and pull, import or build the images again.",
            };
            yield break;
        }

        foreach (var (table, row, parent) in catalog.Read(connection => connection.Query(
            "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check", row => (Table: row.GetString(0), Row: row.IsDBNull(1) ? (long?)null : row.GetInt64(1), Parent: row.GetString(2)))))
        {
            yield return new Finding("Catalog", $"{table} {row}", $"the row refers to a row of {parent} that is not there", row is { } id ? () => Delete(table, id) : null)
            {
                IsDamage = true,
                NeedsForce = true,
                RecommendedAction = "Repair-ContainerStorage -Force deletes the row.",
            };
        }
    }

    private string? Damage() => catalog.Read(connection => connection.Query("PRAGMA integrity_check(10)", row => row.GetString(0))) is var lines && lines is ["ok"]
        ? null
        : string.Join("; ", lines);

    // An index can be made again from its table; a damaged table cannot.
    private void Reindex()
    {
        catalog.Write(connection => connection.Execute("REINDEX"));
        if (Damage() is { } damage)
        {
            throw new ContainerToolsException(ErrorKind.DataLoss, "CatalogDamaged", damage, catalog.Path);
        }
    }

    private void Delete(string table, long row) => catalog.Write(connection => connection.Execute($"DELETE FROM \"{table}\" WHERE rowid = $row", ("$row", row)));
}
