namespace ContainerTools.Runtime.Tests.Monitoring;

/// <summary>The native ctrun that a build puts beside the solution.</summary>
internal static class RuntimeBinary
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(directory, "ContainerTools.sln")))
        {
            directory = System.IO.Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("The tests do not lie below the solution.");
        }

        return System.IO.Path.Combine(directory, "out", "ctrun", "ctrun");
    }
}
