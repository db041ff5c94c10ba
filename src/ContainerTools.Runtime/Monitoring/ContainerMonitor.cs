using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.Logging;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Watches one container from its start to its end and leaves nothing of it behind but its log and its exit record.</summary>
internal sealed class ContainerMonitor(MonitorSpec spec, IContainerStarter starter)
{
    private readonly StatusPipe status = new();
    private readonly List<string> problems = [];

    // False while another monitor may own the mount and the record of this container.
    private bool mayChange;
    private MonitoredNetwork? network;

    /// <summary>Runs the container; returns the exit code of the monitor: 0, or the start's 125, 126 or 127.</summary>
    public int Run()
    {
        StandardDescriptors.Occupy();
        using var signals = new SignalInbox();
        ExitRecord record;
        try
        {
            Prepare();
            record = Watch(signals);
        }
        catch (Exception error)
        {
            var (report, exitCode) = MonitorFailure.Describe(error);
            if (mayChange)
            {
                Leave();
                CleanUp("unmount", Unmount);
                Record(new ExitRecord { ExitCode = exitCode, Finished = DateTimeOffset.UtcNow, Error = report.Message });
            }

            status.Send(report);
            return exitCode;
        }

        status.Send(new MonitorEvent { Kind = "exited", Exit = record, Message = problems.Count == 0 ? null : string.Join("; ", problems) });
        return 0;
    }

    private void Prepare()
    {
        starter.RemoveStale();
        mayChange = true;
        _ = Native.Unlink(spec.ExitPath);
        if (spec.Overlay is { } overlay)
        {
            OverlayMount.Mount(overlay);
        }
    }

    private ExitRecord Watch(SignalInbox signals)
    {
        using var log = spec.Log is { } logSpec ? new JsonLogFile(logSpec) : null;
        using var scratch = new ScratchMemory(64 * 1024, log is null ? 0 : LogLines.ScratchSize);
        network = spec.NetworkPath is { } path ? new MonitoredNetwork(path, scratch) : null;
        network?.Start();
        var (container, output, error) = Start(log, scratch);
        using (output)
        using (error)
        {
            status.Send(new MonitorEvent { Kind = "started", Pid = container.Pid });
            if (network is not null)
            {
                DescriptorRoom.Raise();
            }

            // The start was the monitor's only big work: what it needed goes back before the long wait.
            IdleMemory.GiveBack();
            var loop = new MonitorLoop(container, signals, output, error, scratch, network?.Events, Reload);
            loop.RunUntilExit();
            var exitCode = Native.WaitForExit(container.Pidfd);
            var finished = DateTimeOffset.UtcNow;
            loop.Drain(TimeSpan.Zero);
            CleanUp("kill", container.KillRemaining);
            loop.Drain(MonitorLoop.Grace);
            var record = new ExitRecord { ExitCode = exitCode, OomKilled = container.OomKilled, Started = container.Started, Finished = finished };

            // Before anybody can see the end: the next container may get the ports, and publish them under the same keys.
            Leave();

            // Now the record: a monitor killed from here on leaves things to clear away, but no container without an end. The state goes last, as it
            // names the cgroup and this process.
            Record(record);
            CleanUp("unmount", Unmount);
            CleanUp("delete", container.Delete);
            return record;
        }
    }

    private (IMonitoredContainer Container, OutputPump? Output, OutputPump? Error) Start(JsonLogFile? log, ScratchMemory scratch)
    {
        var nothing = Native.OpenOrThrow("/dev/null", Native.ReadWrite);
        var output = log is null && !spec.AttachStdout ? (Reader: -1, Writer: nothing) : Native.Pipe();
        var error = log is null && !spec.AttachStderr ? (Reader: -1, Writer: nothing) : Native.Pipe();
        IMonitoredContainer container;
        try
        {
            container = starter.Start(spec.AttachStdin ? 0 : nothing, output.Writer, error.Writer);
        }
        catch
        {
            Native.Close(output.Reader);
            Native.Close(error.Reader);
            throw;
        }
        finally
        {
            if (output.Writer != nothing)
            {
                Native.Close(output.Writer);
            }

            if (error.Writer != nothing)
            {
                Native.Close(error.Writer);
            }

            Native.Close(nothing);
        }

        // The caller's descriptors are let go where they are not attached: the caller must not wait for the monitor to end.
        StandardDescriptors.Silence(0);
        return (container, Pump(output.Reader, 1, spec.AttachStdout, "stdout"), Pump(error.Reader, 2, spec.AttachStderr, "stderr"));

        OutputPump? Pump(int source, int target, bool attach, string stream)
        {
            if (!attach)
            {
                StandardDescriptors.Silence(target);
            }

            return source < 0 ? null : new OutputPump(source, attach ? target : -1, log is null ? null : new LogLines(log, stream), scratch);
        }
    }

    private void Reload() => CleanUp("reload", () => network?.Reload());

    /// <summary>Takes away what the world knows the container by; what fails is left, with its description, to whoever repairs.</summary>
    private void Leave()
    {
        var before = problems.Count;
        foreach (var (step, action) in network?.Ending() ?? [])
        {
            CleanUp(step, action);
        }

        if (problems.Count == before)
        {
            CleanUp("network", () => network?.Forget());
        }
    }

    private void Unmount()
    {
        if (spec.Overlay is { } overlay)
        {
            OverlayMount.Unmount(overlay.Target);
        }
    }

    private void Record(ExitRecord record) => CleanUp("record", () => ExitFile.Write(spec.ExitPath, record));

    /// <summary>One step of the end, or one that the run can go on without; a failure is noted.</summary>
    private void CleanUp(string step, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is Linux.LinuxException or IOException or UnauthorizedAccessException or FormatException or ArgumentException or ContainerStartException or System.Text.Json.JsonException)
        {
            problems.Add($"{step}: {error.Message}");
        }
    }
}
