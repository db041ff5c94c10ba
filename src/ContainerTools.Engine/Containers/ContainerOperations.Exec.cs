using System.Text.Json;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>Further processes in a running container.</summary>
internal sealed partial class ContainerOperations
{
    public async Task<ExecResult> ExecAsync(string container, ExecSpec spec, ContainerStreams streams, CancellationToken cancellationToken)
    {
        var (record, status) = Running(container);
        if (status.State == ContainerState.Paused)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "ContainerPaused", $"Container '{record.Name}' is paused.", record.Name, $"Resume it first: Resume-Container {record.Name}.");
        }

        var bundle = _context.BundleOf(record.Id);
        var plan = Path.Combine(bundle.Directory, $"exec-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllBytesAsync(plan, JsonSerializer.SerializeToUtf8Bytes(Plan(record, bundle, spec), RuntimeSpecJson.Default.ProcessSection), cancellationToken).ConfigureAwait(false);
            using var process = MonitorProcess.Start(
                _context.RuntimePath, ["--root", _context.Paths.States, "exec", "--status-fd", "3", "--process", plan, record.Id], streams);
            var inner = 0;
            using var cancellation = cancellationToken.Register(() => Linux.Processes.Signal.TrySend(Volatile.Read(ref inner), Linux.Processes.Signals.Kill));
            var events = await process.PumpAsync(item => Volatile.Write(ref inner, item.Pid != 0 ? item.Pid : inner), CancellationToken.None).ConfigureAwait(false);
            var code = process.Wait();
            cancellationToken.ThrowIfCancellationRequested();
            return events.FirstOrDefault(item => item.Kind == "error") is { } error
                ? throw ContainerStart.ToError(error, record.Name, spec.Command)
                : new ExecResult { Container = record.Name, Command = spec.Command, ExitCode = code };
        }
        finally
        {
            File.Delete(plan);
        }
    }

    private ProcessSection Plan(ContainerRecord record, ContainerBundle bundle, ExecSpec spec)
    {
        if (spec.Command.Count == 0)
        {
            throw new ContainerToolsException(ErrorKind.InvalidArgument, "NoCommand", "There is nothing to run.", record.Name, "Give -Command.");
        }

        var own = RuntimeConfig.Load(bundle.Config).Process!;
        var image = _context.FindImage(record.ImageId);
        var user = spec.User is null
            ? own.User
            : ToUser(new UserDatabase(new LayeredFiles([bundle.Upper, .. image.LayerPaths.Reverse()]).Open).Resolve(spec.User, record.Spec.Groups));
        var capabilities = spec.Privileged ? CapabilityPlan.Available() : own.Capabilities?.Bounding ?? [];
        var added = spec.Environment.Select(pair => $"{pair.Key}={pair.Value}");
        return own with
        {
            Args = spec.Command,
            Cwd = spec.WorkingDirectory ?? own.Cwd,
            Env = [.. own.Env.Where(item => !spec.Environment.ContainsKey(item.Split('=', 2)[0])), .. added],
            User = user,
            NoNewPrivileges = own.NoNewPrivileges && !spec.Privileged,
            Capabilities = new CapabilitySets
            {
                Bounding = capabilities,
                Effective = user.Uid == 0 ? capabilities : [],
                Permitted = user.Uid == 0 ? capabilities : [],
            },
        };
    }

    private static ProcessUser ToUser(ContainerUser user) => new() { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.Groups };
}
