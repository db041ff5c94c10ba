using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ContainerTools.Engine.Storage;

/// <summary>Turns SQLite's result codes (sqlite.org/rescode.html) into the engine's errors.</summary>
internal static class CatalogErrors
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>The error to throw; null for one that its caller must explain (a constraint).</summary>
    public static ContainerToolsException? Translate(SqliteException error, string catalog) => error.SqliteErrorCode switch
    {
        Busy => new ContainerToolsException(
            ErrorKind.Unavailable, "StoreLocked", $"The store's catalogue {catalog} is locked by {Holder(catalog)}.", catalog, "Wait for the other operation to end, or stop that process.", error),
        Full => new ContainerToolsException(
            ErrorKind.ResourceExhausted, "NoSpace", $"The store's catalogue {catalog} cannot grow: no space is left.", catalog, "Free disk space, remove unused images, or move the store to a larger file system.", error),
        Corrupt or NoDatabase => new ContainerToolsException(
            ErrorKind.DataLoss, "CatalogDamaged", $"The store's catalogue {catalog} is damaged: {error.Message}", catalog, "Restore it from a backup, or move the store's directory away and import the images again.", error),
        ReadOnly or InputOutput or CannotOpen => new ContainerToolsException(
            ErrorKind.Unavailable, "StoreUnavailable", $"The store's catalogue {catalog} cannot be read or written: {error.Message}", catalog, "Check the path, its free space and its permissions.", error),
        _ => null,
    };

    /// <summary>Who writes: in WAL mode a writer holds byte 120 of the -shm file (sqlite.org/walformat.html); proc_locks(5) tells whose lock that is.</summary>
    private static string Holder(string catalog)
    {
        const long WriteLock = 120;
        try
        {
            var inode = $":{FileInode(catalog + "-shm")}";
            foreach (var fields in File.ReadLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                // ORDINAL: POSIX ADVISORY WRITE PID MAJOR:MINOR:INODE START END
                if (fields is [_, "POSIX", _, "WRITE", var pid, var file, var start, var end] && file.EndsWith(inode, StringComparison.Ordinal) && Includes(start, end, WriteLock))
                {
                    return $"process {pid} ({File.ReadAllText($"/proc/{pid}/comm").Trim()})";
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The holder has just ended, or /proc is hidden: the lock is what matters.
        }

        return "another process";
    }

    private static bool Includes(string start, string end, long position) =>
        long.Parse(start, CultureInfo.InvariantCulture) <= position && (end == "EOF" || long.Parse(end, CultureInfo.InvariantCulture) >= position);

    private static ulong FileInode(string path)
    {
        using var directory = Linux.DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        return directory.GetStatus(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path))).Inode;
    }
}
