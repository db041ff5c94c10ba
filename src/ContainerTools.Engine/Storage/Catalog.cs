using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Storage;

/// <summary>
/// The SQLite catalogue of a store: WAL, foreign keys on, one writer at a time with a bounded wait. The schema is the sum of the embedded
/// <c>Migrations/NNN_*.sql</c> scripts, applied in order under <c>PRAGMA user_version</c>.
/// </summary>
internal sealed class Catalog : IDisposable
{
    private readonly string _path;
    private readonly SpaceReserve _reserve;
    private readonly string _connectionString;

    public Catalog(string path, TimeSpan? busyWait = null)
    {
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            DefaultTimeout = (int)(busyWait ?? TimeSpan.FromSeconds(30)).TotalSeconds,
        }.ToString();
        _reserve = new SpaceReserve(path + ".reserve");
        Migrate();
        HideFromOthers();
        _reserve.Ensure();
    }

    /// <summary>The database.</summary>
    public string Path => _path;

    /// <summary>Runs a query on a consistent snapshot.</summary>
    public T Read<T>(Func<SqliteConnection, T> query) => Guard(() =>
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        return query(connection);
    });

    /// <summary>Runs a change in one immediate transaction; all of it happens or none.</summary>
    public T Write<T>(Func<SqliteConnection, T> change) => Guard(() =>
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = change(connection);
        transaction.Commit();
        return result;
    });

    /// <summary>Runs a change in one immediate transaction; all of it happens or none.</summary>
    public void Write(Action<SqliteConnection> change) => Write(connection =>
    {
        change(connection);
        return 0;
    });

    /// <summary>Like <see cref="Write{T}"/>, for a change that leads to free space: on a full disk it may use what is kept back for that.</summary>
    public T WriteFreeing<T>(Func<SqliteConnection, T> change)
    {
        try
        {
            return Write(change);
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.ResourceExhausted && _reserve.TryRelease())
        {
            return Write(change);
        }
    }

    public void Dispose() => SqliteConnection.ClearPool(new SqliteConnection(_connectionString));

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // WAL makes NORMAL safe against corruption; a power cut may lose the last transactions, never half of one.
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
        return connection;
    }

    private void Migrate() => Guard(() =>
    {
        using var connection = Open();
        var migrations = Migrations();
        if (connection.Scalar<long>("PRAGMA user_version") >= migrations.Count)
        {
            return 0;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        for (var version = connection.Scalar<long>("PRAGMA user_version"); version < migrations.Count; version++)
        {
            connection.Execute(migrations[(int)version]);
            connection.Execute($"PRAGMA user_version = {version + 1}");
        }

        transaction.Commit();
        return 0;
    });

    /// <summary>It may keep a password (of a proxy), and anyone may pass through the store's directory. Files that SQLite makes later take the catalogue's mode.</summary>
    private void HideFromOthers()
    {
        foreach (var file in (string[])[_path, _path + "-wal", _path + "-shm"])
        {
            try
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            catch (FileNotFoundException)
            {
                // The last connection to end takes the log along.
            }
        }
    }

    private static List<string> Migrations()
    {
        var assembly = typeof(Catalog).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            })];
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error) when (CatalogErrors.Translate(error, _path) is { } known)
        {
            throw known;
        }
    }
}
