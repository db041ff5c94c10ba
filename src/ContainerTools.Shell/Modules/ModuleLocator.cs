namespace ContainerTools.Shell.Modules;

/// <summary>Finds the module folder that belongs to this shell.</summary>
internal static class ModuleLocator
{
    /// <summary>Variable that names another module folder.</summary>
    public const string Variable = "CONTAINERTOOLS_MODULE";

    private const string Name = "ContainerTools";

    /// <summary>The folder that holds <c>ContainerTools.psd1</c>, or null.</summary>
    /// <param name="shellDirectory">The folder of the shell's executable.</param>
    /// <param name="chosen">The value of <see cref="Variable"/>; when set, nothing else is tried.</param>
    public static string? Find(string shellDirectory, string? chosen)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            return HasManifest(chosen) ? Path.GetFullPath(chosen) : null;
        }

        return Candidates(shellDirectory).FirstOrDefault(HasManifest);
    }

    /// <summary>Beside the shell, beside its folder (a package), then <c>out/</c> of each folder above it (a checkout).</summary>
    public static IEnumerable<string> Candidates(string shellDirectory)
    {
        yield return Path.Combine(shellDirectory, Name);
        for (var folder = Directory.GetParent(Path.TrimEndingDirectorySeparator(shellDirectory)); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "out", Name);
        }
    }

    private static bool HasManifest(string folder) => File.Exists(Path.Combine(folder, Name + ".psd1"));
}
