using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.State;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Starts the container that a bundle's <c>config.json</c> describes.</summary>
internal sealed class BundleStarter(RuntimeConfig config, string bundle, MonitorSpec spec) : IContainerStarter
{
    private readonly string? cgroupsPath = config.Linux?.CgroupsPath;
    private RuntimeConfig? unused = config;

    /// <summary>Starts the container, once; the configuration is let go, because the monitor lives longer than anybody needs it.</summary>
    public IMonitoredContainer Start(int standardInput, int standardOutput, int standardError)
    {
        var options = new ContainerLaunchOptions
        {
            Id = spec.Id,
            StateRoot = spec.StateRoot,
            StdinFd = standardInput,
            StdoutFd = standardOutput,
            StderrFd = standardError,
            IsMonitor = true,
        };
        var configuration = unused ?? throw new InvalidOperationException($"The container '{spec.Id}' has been started already.");
        unused = null;
        return new MonitoredContainer(ContainerLauncher.Start(configuration, bundle, options));
    }

    public void RemoveStale()
    {
        var directory = ContainerStateDirectory.At(spec.StateRoot, spec.Id).DirectoryPath;
        if (!Directory.Exists(directory))
        {
            return;
        }

        var state = ReadState();
        if (state is not null && ProcessStat.IsAlive(state.MonitorPid, state.MonitorStartTime))
        {
            throw new InvalidOperationException($"The container '{spec.Id}' has a monitor already, process {state.MonitorPid}.");
        }

        // A monitor killed before it wrote the state has left the cgroup that the configuration names.
        var host = CgroupHost.Detect();
        var expected = host.Hierarchies.Select(hierarchy => hierarchy.MountPoint.TrimEnd('/') + "/" + CgroupMapping.PathOf(spec.Id, cgroupsPath).Trim('/'));
        var paths = (state?.Cgroups ?? []).Union(expected).Where(Directory.Exists).ToArray();
        ContainerTeardown.Remove(paths.Length == 0 ? null : host.Open(paths), directory);
    }

    private ContainerRuntimeState? ReadState()
    {
        try
        {
            return ContainerStateDirectory.At(spec.StateRoot, spec.Id).Read();
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private sealed class MonitoredContainer(LaunchedContainer launched) : IMonitoredContainer
    {
        public int Pid => launched.Pid;

        public int Pidfd => (int)launched.Pidfd.DangerousGetHandle();

        public DateTimeOffset Started => launched.State.Started ?? launched.State.Created;

        public bool OomKilled => launched.Cgroup.OomKillCount() > 0;

        public void Signal(int signal) => Native.SignalProcess(Pidfd, signal);

        public void KillRemaining() => launched.Cgroup.KillAll();

        public void Delete()
        {
            launched.Remove();
            launched.Dispose();
        }
    }
}
