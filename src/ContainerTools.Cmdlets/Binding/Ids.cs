namespace ContainerTools.Cmdlets;

/// <summary>Forms of ids.</summary>
internal static class Ids
{
    public const int FullLength = 64;
    private const string Algorithm = "sha256:";
    private const int ShortLength = 12;

    public static string Bare(string id) => id.StartsWith(Algorithm, StringComparison.Ordinal) ? id[Algorithm.Length..] : id;

    public static string Short(string id) => Bare(id) is { Length: > ShortLength } bare ? bare[..ShortLength] : Bare(id);

    public static bool HasPrefix(string id, string prefix) => prefix.Length > 0 && Bare(id).StartsWith(Bare(prefix), StringComparison.OrdinalIgnoreCase);
}
