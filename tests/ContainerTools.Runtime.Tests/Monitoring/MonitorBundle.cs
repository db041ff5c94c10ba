using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Tests.Monitoring;

/// <summary>A bundle with an overlay of busybox and whatever layers a test adds, and the real ctrun as its monitor; nothing of it may be left at the end.</summary>
internal sealed class MonitorBundle : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("monitor-test-").FullName;

    public MonitorBundle(params string[] command)
    {
        Id = "test-" + Guid.NewGuid().ToString("n");
        var layer = Path.Combine(directory, "layer");
        foreach (var name in (string[])["bin", "proc", "dev", "tmp"])
        {
            Directory.CreateDirectory(Path.Combine(layer, name));
        }

        File.Copy("/usr/bin/busybox", Path.Combine(layer, "bin/busybox"));
        foreach (var name in (string[])["sh", "cat", "echo", "sleep", "true", "seq", "yes", "head", "ls"])
        {
            File.CreateSymbolicLink(Path.Combine(layer, "bin", name), "busybox");
        }

        Spec = new MonitorSpec
        {
            Id = Id,
            StateRoot = Path.Combine(directory, "state"),
            Overlay = new OverlaySpec { Lower = [layer], Upper = Path.Combine(directory, "upper"), Work = Path.Combine(directory, "work"), Target = Path.Combine(directory, "rootfs") },
            Log = new LogSpec { Path = LogPath },
            ExitPath = Path.Combine(directory, "exit.json"),
        };
        Command = command;
    }

    public string Id { get; }

    public MonitorSpec Spec { get; set; }

    public string[] Command { get; set; }

    public long? Memory { get; set; }

    /// <summary>Path of the network namespace that the container joins; null for that of the monitor.</summary>
    public string? NetworkNamespacePath { get; set; }

    /// <summary>A program, by its path, and its arguments, which starts the monitor in its own place.</summary>
    public string[] Prefix { get; set; } = [];

    /// <summary>What the monitor does for networks.</summary>
    public MonitorNetwork? Network { get; set; }

    public string NetworkPath => Path.Combine(directory, "network.json");

    public string LogPath => Path.Combine(directory, "log.json");

    public string DirectoryPath => directory;

    public ExitRecord? Exit => File.Exists(Spec.ExitPath) ? JsonSerializer.Deserialize(File.ReadAllBytes(Spec.ExitPath), MonitoringJson.Default.ExitRecord) : null;

    public ContainerRuntimeState? State
    {
        get
        {
            var path = Path.Combine(Spec.StateRoot, Id, "state.json");
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(path), MonitoringJson.Default.ContainerRuntimeState);
            }
            catch (IOException)
            {
                // The monitor removes it at the end, at any moment.
                return null;
            }
        }
    }

    /// <summary>Text of the log's records of a stream.</summary>
    public string Logged(string stream) => string.Concat(File.ReadAllLines(LogPath)
        .Select(line => JsonNode.Parse(line)!)
        .Where(record => (string?)record["stream"] == stream)
        .Select(record => (string?)record["log"]));

    /// <summary>Starts the monitor; descriptors of the test become its 0, 1, 2.</summary>
    public RunningMonitor Start(SafeFileHandle? input = null, SafeFileHandle? output = null, SafeFileHandle? error = null)
    {
        Write();
        return RunningMonitor.Start([.. Prefix, Prefix.Length > 0 ? RuntimeBinary.Path : "ctrun", "monitor", "--bundle", directory], input, output, error);
    }

    /// <summary>Runs to the end and gives the events.</summary>
    public IReadOnlyList<MonitorEvent> Run()
    {
        using var monitor = Start();
        return monitor.ReadToEnd();
    }

    public void Write()
    {
        var resources = new JsonObject();
        if (Memory is { } bytes)
        {
            resources["memory"] = new JsonObject { ["limit"] = bytes, ["swap"] = bytes };
        }

        var namespaces = new JsonArray([.. ((string[])["pid", "ipc", "uts", "mount"]).Select(type => (JsonNode)new JsonObject { ["type"] = type })]);
        if (NetworkNamespacePath is { } joined)
        {
            namespaces.Add(new JsonObject { ["type"] = "network", ["path"] = joined });
        }

        if (Network is { } network)
        {
            Spec = Spec with { NetworkPath = NetworkPath };
            File.WriteAllBytes(NetworkPath, network.ToJson());
        }

        var config = new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = new JsonObject
            {
                ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
                ["args"] = new JsonArray([.. Command.Select(word => (JsonNode)word!)]),
                ["env"] = new JsonArray("PATH=/bin"),
                ["cwd"] = "/",
            },
            ["root"] = new JsonObject { ["path"] = Spec.Overlay!.Target },
            ["mounts"] = new JsonArray(new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" }),
            ["linux"] = new JsonObject
            {
                ["namespaces"] = namespaces,
                ["resources"] = resources,
            },
        };
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString());
        File.WriteAllBytes(Path.Combine(directory, "monitor.json"), JsonSerializer.SerializeToUtf8Bytes(Spec, MonitoringJson.Default.MonitorSpec));
    }

    /// <summary>Fails when a mount, a cgroup or a state directory is left.</summary>
    public void AssertNothingLeft()
    {
        Assert.DoesNotContain(System.IO.File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]), path => path.StartsWith(directory, StringComparison.Ordinal));
        Assert.DoesNotContain(Linux.Cgroups.CgroupHost.Detect().Hierarchies, hierarchy => Directory.Exists($"{hierarchy.MountPoint}/containertools/{Id}"));
        Assert.False(Directory.Exists(Path.Combine(Spec.StateRoot, Id)));
    }

    public void Dispose()
    {
        if (State is { } state)
        {
            using (var process = Pidfd.Open(state.Pid, state.StartTime))
            {
                process?.SendSignal(Signals.Kill);
            }

            // The next start clears away what a killed monitor left.
            Command = ["true"];
            Run();
        }

        Directory.Delete(directory, recursive: true);
    }
}
