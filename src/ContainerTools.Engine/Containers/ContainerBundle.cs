using System.Text.Json;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>The files of one container: paths and the records its monitor leaves there.</summary>
internal sealed record ContainerBundle(string Directory, string StateRoot, string Id)
{
    public string Config => Path.Combine(Directory, "config.json");

    public string Monitor => Path.Combine(Directory, "monitor.json");

    /// <summary>What the monitor does for networks, and what is to be taken away at the end; see <see cref="Networks.ContainerNetworks.Release"/>.</summary>
    public string Network => Path.Combine(Directory, "network.json");

    public string Exit => Path.Combine(Directory, "exit.json");

    public string Log => Path.Combine(Directory, "container.log");

    public string Upper => Path.Combine(Directory, "upper");

    public string Work => Path.Combine(Directory, "work");

    public string RootFilesystem => Path.Combine(Directory, "rootfs");

    public string StateDirectory => Path.Combine(StateRoot, Id);

    /// <summary>Locked by whoever changes the container; see <see cref="ContainerLock"/>.</summary>
    public string Lock => StateDirectory + ".lock";

    public string State => Path.Combine(StateDirectory, "state.json");

    /// <summary>True once a start was tried: the start writes the file, and removing the container is what takes it away.</summary>
    public bool WasStarted => File.Exists(Config);

    public ExitRecord? ReadExit() => Read(Exit, MonitoringJson.Default.ExitRecord);

    public ContainerRuntimeState? ReadState() => Read(State, MonitoringJson.Default.ContainerRuntimeState);

    private static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new ContainerToolsException(
                ErrorKind.DataLoss, "ContainerRecordDamaged", $"{path} is not what a monitor writes: {error.Message}", path, "Run Repair-ContainerEngine.", error);
        }
    }
}
