using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Writes the exit record so that a reader sees all of it or nothing, even after a power failure.</summary>
internal static class ExitFile
{
    public static void Write(string path, ExitRecord record)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, record.ToJson(), lasting: true);
    }
}
