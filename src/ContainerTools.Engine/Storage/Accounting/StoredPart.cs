namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Something that lies in a store, as large as it was when it was looked at.</summary>
/// <param name="Area">Where it lies.</param>
/// <param name="Name">Unique in its area.</param>
/// <param name="Path">Its path.</param>
/// <param name="Size">Bytes in allocated blocks.</param>
/// <param name="Modified">When it was last changed itself, whatever is below it.</param>
internal sealed record StoredPart(StoreArea Area, string Name, string Path, long Size, DateTimeOffset Modified)
{
    /// <summary>The catalogue with its log.</summary>
    public const string Database = "database";

    /// <summary>What the catalogue keeps back; see <see cref="SpaceReserve"/>.</summary>
    public const string Reserve = "reserve";

    /// <summary>The directories that all else lies in.</summary>
    public const string Directories = "directories";
}
