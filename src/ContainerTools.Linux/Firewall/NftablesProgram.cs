using ContainerTools.Linux.Processes;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// The program nft(8), with the commands on its standard input. Its input and output are files in memory, so that no thread is needed to feed it: one made
/// here would be born in the namespace of the caller.
/// </summary>
internal sealed class NftablesProgram(string path) : INftables
{
    private static readonly string[] s_directories = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin"];

    /// <summary>Finds the program in the directories of system programs, never through <c>PATH</c>; null when the host has none.</summary>
    public static NftablesProgram? TryFind() =>
        s_directories.Select(directory => $"{directory}/nft").FirstOrDefault(File.Exists) is { } path ? new NftablesProgram(path) : null;

    /// <inheritdoc/>
    public string Run(string commands)
    {
        NftablesKernel.Require();
        using var input = new MemoryFile(commands);
        using var output = new MemoryFile();
        using var errors = new MemoryFile();
        int pid = SpawnedProcess.Start(path, ["nft", "-f", "-"], ["LC_ALL=C"], [input.Number, output.Number, errors.Number]);
        int code = ChildReaper.Wait(pid);
        return code == 0 ? output.Read() : throw NftablesErrors.From(commands, errors.Read());
    }
}
