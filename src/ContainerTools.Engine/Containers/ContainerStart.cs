using System.Text.Json;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>One start of a container: writes the bundle's plan and hands it to a monitor.</summary>
internal sealed class ContainerStart(ContainerContext context)
{
    /// <summary>Writes <c>config.json</c> and <c>monitor.json</c> and starts the monitor. The caller holds the container's lock.</summary>
    public MonitorProcess Begin(ContainerRecord record, ContainerStreams? streams)
    {
        var bundle = context.BundleOf(record.Id);
        try
        {
            WritePlan(record, bundle, streams);
            // The monitor resolves names and forwards ports in the host's namespace, so that is where it is born.
            return context.Networks.Host.Run(() => MonitorProcess.Start(context.RuntimePath, ["monitor", "--bundle", bundle.Directory], streams));
        }
        catch (Exception error)
        {
            ContainerNetworks.Release(bundle);
            if (StoreErrors.Translate(error, $"container '{record.Name}'") is var translated && !ReferenceEquals(translated, error))
            {
                throw translated;
            }

            throw;
        }
    }

    /// <summary>The error that a monitor's event tells.</summary>
    public static ContainerToolsException ToError(MonitorEvent item, string container, IReadOnlyList<string> command)
    {
        var (kind, mend) = item.Code switch
        {
            "CommandNotFound" => (ErrorKind.NotFound, $"Check that the image holds '{command[0]}' and that PATH leads to it."),
            "CommandNotExecutable" => (ErrorKind.PermissionDenied, $"Check that '{command[0]}' is a program for this machine, with its execute bit set and its interpreter in the image."),
            "PortInUse" => (ErrorKind.Conflict, "Publish on another port or address, leave the host's port out and one is chosen, or stop who has it."),
            _ when item.Errno == LinuxError.NoSpace => (ErrorKind.ResourceExhausted, "Free space below the store's root."),
            _ => (ErrorKind.Internal, "Test-ContainerEngine says what this host lacks."),
        };
        return new ContainerToolsException(kind, item.Code ?? "ContainerStartFailed", $"Container '{container}' did not start: {item.Message}", container, mend)
        {
            Errno = item.Errno,
            Syscall = item.Syscall,
            Path = item.Path,
        };
    }

    private void WritePlan(ContainerRecord record, ContainerBundle bundle, ContainerStreams? streams)
    {
        var image = context.FindImage(record.ImageId);
        new Emulators().Require(image.Platform, $"Container '{record.Name}'");
        foreach (var directory in (string[])[bundle.Directory, bundle.Upper, bundle.Work, bundle.RootFilesystem, context.Paths.States])
        {
            Directory.CreateDirectory(directory);
        }

        string[] layersTopFirst = [bundle.Upper, .. image.LayerPaths.Reverse()];
        var users = new UserDatabase(new LayeredFiles(layersTopFirst).Open);
        var spec = record.Spec;
        var user = users.Resolve(spec.User ?? image.Config.User, spec.Groups);
        var network = context.Networks.Start(record, image.Config.ExposedPorts, bundle);
        var hostName = spec.HostName ?? (network.IsHost ? Environment.MachineName : record.Id[..12]);
        RuntimeConfigBuilder.Build(new RuntimeConfigInput
        {
            Id = record.Id,
            RootPath = bundle.RootFilesystem,
            Spec = spec,
            Command = ContainerCommandLine.Words(spec, image.Config),
            Environment = ContainerCommandLine.Environment(spec, image.Config, hostName, user.Home),
            WorkingDirectory = spec.WorkingDirectory ?? (image.Config.WorkingDirectory is { Length: > 0 } imageDirectory ? imageDirectory : "/"),
            User = user,
            Network = network,
            HostFiles = ContainerHostFiles.Write(bundle, spec, network, hostName),
        }).Save(bundle.Config);
        File.WriteAllBytes(bundle.Monitor, JsonSerializer.SerializeToUtf8Bytes(
            new MonitorSpec
            {
                Id = record.Id,
                StateRoot = context.Paths.States,
                Overlay = new OverlaySpec { Lower = [.. layersTopFirst.Skip(1)], Upper = bundle.Upper, Work = bundle.Work, Target = bundle.RootFilesystem },
                Log = new LogSpec { Path = bundle.Log },
                AttachStdin = streams?.Stdin is not null,
                AttachStdout = streams?.Stdout is not null,
                AttachStderr = streams?.Stderr is not null,
                ExitPath = bundle.Exit,
                NetworkPath = network.PlanPath,
            },
            MonitoringJson.Default.MonitorSpec));
        File.Delete(bundle.Exit);
    }
}
