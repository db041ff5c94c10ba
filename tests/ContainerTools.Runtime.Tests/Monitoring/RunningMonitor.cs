using System.Text.Json;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Tests.Monitoring;

/// <summary>A monitor started by a test, and its status pipe.</summary>
internal sealed class RunningMonitor : IDisposable
{
    private readonly StreamReader reader;

    private RunningMonitor(int pid, SafeFileHandle status)
    {
        Pid = pid;
        reader = new StreamReader(new FileStream(status, FileAccess.Read));
    }

    public int Pid { get; }

    public static RunningMonitor Start(string[] arguments, SafeFileHandle? input, SafeFileHandle? output, SafeFileHandle? error)
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        var status = new Pipe();
        static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
        var pid = SpawnedProcess.Start(
            arguments[0] == "ctrun" ? RuntimeBinary.Path : arguments[0], arguments, ["PATH=/usr/bin:/bin"], [Number(input ?? nothing), Number(output ?? nothing), Number(error ?? nothing), Number(status.Writer)]);
        status.Writer.Dispose();
        return new RunningMonitor(pid, status.Reader);
    }

    public MonitorEvent? Read() => reader.ReadLine() is { } line ? JsonSerializer.Deserialize(line, MonitoringJson.Default.MonitorEvent) : null;

    public IReadOnlyList<MonitorEvent> ReadToEnd()
    {
        var events = new List<MonitorEvent>();
        while (Read() is { } item)
        {
            events.Add(item);
        }

        return events;
    }

    public int Wait() => ChildReaper.Wait(Pid);

    public void Dispose()
    {
        reader.Dispose();
        ChildReaper.Adopt(Pid);
    }
}
