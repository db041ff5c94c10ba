using System.Security.Cryptography;
using System.Text.Json;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Networks;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>RUN as a container of our own runtime: one monitor, one overlay of the stage's layers, nothing kept but the upper directory.</summary>
internal sealed class MonitoredRunStep(string runtimePath, ContainerNetworks networks) : IRunStepExecutor
{
    private const string HostName = "buildkitsandbox";
    private const string BundleName = "bundle";
    private const string StateName = "state";
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Bundles of steps in a build's work directory, for those that were cut off.</summary>
    public static IEnumerable<ContainerBundle> BundlesBelow(string work)
    {
        foreach (var file in Directory.Exists(work) ? Directory.EnumerateDirectories(work).Select(step => new ContainerBundle(Path.Combine(step, BundleName), Path.Combine(step, StateName), "").Monitor).Where(File.Exists) : [])
        {
            MonitorSpec? spec = null;
            try
            {
                spec = JsonSerializer.Deserialize(File.ReadAllBytes(file), MonitoringJson.Default.MonitorSpec);
            }
            catch (JsonException)
            {
                // Cut off while this was written: no monitor has read it.
            }

            if (spec is not null)
            {
                yield return new ContainerBundle(Path.GetDirectoryName(file)!, spec.StateRoot, spec.Id);
            }
        }
    }

    public void CheckNetwork(string network) => networks.CheckOfBuild(network);

    public async Task<RunStepResult> RunAsync(RunStep step, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        // State lies in the step's own directory: it goes with the build, and no command on containers meets it.
        var bundle = new ContainerBundle(Path.Combine(step.Directory, BundleName), Path.Combine(step.Directory, StateName), id);
        ContainerNetworkSetup? network = null;
        try
        {
            // The monitor's file comes first: by it what is made from here on is found when the build is cut off.
            WriteMonitor(step, bundle);
            network = networks.StartStep(step.Network, bundle, step.WorkId);
            WriteConfig(step, bundle, network);
            using var output = new LineStream(step.Log);
            using var errors = new LineStream(step.Log);
            using var monitor = MonitorProcess.Start(
                runtimePath, ["monitor", "--bundle", bundle.Directory], new ContainerStreams { Stdout = output, Stderr = errors });
            var pump = monitor.PumpAsync(null, CancellationToken.None);
            while (!pump.IsCompleted)
            {
                await Task.WhenAny(pump, Task.Delay(cancellationToken.IsCancellationRequested ? KillPause : Timeout.InfiniteTimeSpan, cancellationToken.IsCancellationRequested ? default : cancellationToken)).ConfigureAwait(false);
                if (cancellationToken.IsCancellationRequested && !pump.IsCompleted)
                {
                    Kill(bundle);
                }
            }

            var events = await pump.ConfigureAwait(false);
            monitor.Wait();
            cancellationToken.ThrowIfCancellationRequested();
            return ResultOf(events);
        }
        finally
        {
            ContainerLeftovers.Remove(bundle);
            if (network?.PlanPath is not null)
            {
                networks.EndStep(id);
            }
        }
    }

    private static RunStepResult ResultOf(List<MonitorEvent> events)
    {
        if (events.Find(item => item.Kind == "error") is { } error)
        {
            return new RunStepResult(error.Code switch { "CommandNotFound" => 127, "CommandNotExecutable" => 126, _ => 125 }, error.Message);
        }

        return events.Find(item => item.Kind == "exited")?.Exit is { } exit
            ? new RunStepResult(exit.ExitCode, exit.Error, exit.OomKilled)
            : new RunStepResult(125, "the monitor ended without a report");
    }

    private static void Kill(ContainerBundle bundle)
    {
        const int SigKill = 9;
        if (bundle.ReadState() is { } state)
        {
            using var process = Pidfd.Open(state.Pid, state.StartTime);
            process?.SendSignal(SigKill);
        }
    }

    private static void WriteMonitor(RunStep step, ContainerBundle bundle)
    {
        var empty = Path.Combine(step.Directory, "empty");
        foreach (var directory in (string[])[bundle.Directory, bundle.Work, bundle.RootFilesystem, bundle.StateRoot, empty])
        {
            Directory.CreateDirectory(directory);
        }

        File.WriteAllBytes(bundle.Monitor, JsonSerializer.SerializeToUtf8Bytes(
            new MonitorSpec
            {
                Id = bundle.Id,
                StateRoot = bundle.StateRoot,
                Overlay = new OverlaySpec
                {
                    Lower = step.LayersTopFirst.Count > 0 ? step.LayersTopFirst : [empty],
                    Upper = step.Upper,
                    Work = bundle.Work,
                    Target = bundle.RootFilesystem,
                },
                AttachStdout = true,
                AttachStderr = true,
                ExitPath = bundle.Exit,
                NetworkPath = NetworkMode.Parse(step.Network).Kind == NetworkModeKind.Networks ? bundle.Network : null,
            },
            MonitoringJson.Default.MonitorSpec));
    }
    private static void WriteConfig(RunStep step, ContainerBundle bundle, ContainerNetworkSetup network)
    {
        var image = ImageConfigurations.From(step.Config);
        var spec = new ContainerSpec
        {
            Image = "build",
            Networks = [new NetworkAttachment { Name = step.Network }],
            HostName = step.Network == "host" ? null : HostName,
            Environment = step.Arguments,
            Mounts = step.Mounts,
            Tmpfs = step.Tmpfs,
            NoNewPrivileges = false,
        };
        var user = new UserDatabase(new LayeredFiles(step.LayersTopFirst).Open).Resolve(image.User, []);
        RuntimeConfigBuilder.Build(new RuntimeConfigInput
        {
            Id = bundle.Id,
            RootPath = bundle.RootFilesystem,
            Spec = spec,
            Command = step.Command,
            Environment = ContainerCommandLine.Environment(spec, image, HostName, user.Home),
            WorkingDirectory = image.WorkingDirectory is { Length: > 0 } current ? current : "/",
            User = user,
            Network = network,
            HostFiles = ContainerHostFiles.Write(bundle, spec, network, HostName),
        }).Save(bundle.Config);
    }
}
