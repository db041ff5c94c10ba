using System.Runtime.InteropServices;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.State;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>A container that some process started, found again by its state and doubted by its process's start time.</summary>
internal sealed class ExistingContainer
{
    public const string Created = "created";
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Stopped = "stopped";

    private readonly ContainerStateDirectory _directory;

    private ExistingContainer(ContainerStateDirectory directory, ContainerRuntimeState state)
    {
        _directory = directory;
        State = state;
    }

    /// <summary>What was written down.</summary>
    public ContainerRuntimeState State { get; private set; }

    /// <summary>Finds a container.</summary>
    /// <exception cref="InvalidOperationException">There is none of that id.</exception>
    public static ExistingContainer Find(string stateRoot, string id)
    {
        ContainerStateDirectory directory = ContainerStateDirectory.At(stateRoot, id);
        return new ExistingContainer(directory, directory.Read());
    }

    /// <summary>Its cgroup; null when its hierarchies are gone.</summary>
    public ICgroup? Cgroup() => State.Cgroups.Count == 0 ? null : CgroupHost.Detect().Open(State.Cgroups);

    /// <summary>Status in the words of the runtime specification.</summary>
    public string Status()
    {
        if (!ProcessStat.IsAlive(State.Pid, State.StartTime))
        {
            return Stopped;
        }

        if (State.Started is null)
        {
            return Created;
        }

        return Cgroup() is { IsFrozen: true } ? Paused : Running;
    }

    /// <summary>Throws unless the status is one of those.</summary>
    public void Require(string wanted, params ReadOnlySpan<string> allowed)
    {
        string status = Status();
        if (!allowed.Contains(status))
        {
            throw new InvalidOperationException($"Container '{State.Id}' is {status}; {wanted} needs one that is {string.Join(" or ", allowed.ToArray())}.");
        }
    }

    /// <summary>Lets a created container run its program.</summary>
    /// <exception cref="ContainerStartException">The program did not start.</exception>
    public void Start()
    {
        Require("start", Created);
        using Pidfd process = Pidfd.Open(State.Pid, State.StartTime) ?? throw StartFailure.Died();
        using SafeFileHandle report = Fifo.OpenReader(_directory.ReportPipe);
        using (SafeFileHandle? start = Fifo.OpenWriter(_directory.StartPipe))
        {
            if (start is null)
            {
                throw StartFailure.Died();
            }

            Descriptor.Write(start, [1], _directory.StartPipe);
        }

        ChildReport outcome = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ChildReport>(ref outcome));
        Poll.Wait([report, process.Handle], -1);
        if (Descriptor.Read(report, bytes) == bytes.Length)
        {
            throw StartFailure.Parse(File.ReadAllText(_directory.OperationsFile), outcome);
        }

        State = State with { Started = DateTimeOffset.UtcNow };
        _directory.Write(State);
        File.Delete(_directory.StartPipe);
        File.Delete(_directory.ReportPipe);
        File.Delete(_directory.OperationsFile);
    }

    /// <summary>Sends a signal to the first process; <paramref name="all"/> to every process.</summary>
    public void Kill(int signal, bool all)
    {
        Require("kill", Created, Running, Paused);
        if (all && Cgroup() is { } cgroup)
        {
            foreach (int pid in cgroup.Processes())
            {
                using Pidfd? other = ProcessStat.Read(pid) is { } stat ? Pidfd.Open(pid, stat.StartTime) : null;
                other?.SendSignal(signal);
            }

            return;
        }

        using Pidfd process = Pidfd.Open(State.Pid, State.StartTime) ?? throw new InvalidOperationException($"Container '{State.Id}' has stopped.");
        process.SendSignal(signal);
    }

    /// <summary>Removes what the container left; a running one only by force.</summary>
    public void Delete(bool force)
    {
        if (!force)
        {
            Require("delete", Stopped, Created);
        }

        using (Pidfd? process = Pidfd.Open(State.Pid, State.StartTime))
        {
            if (process is not null)
            {
                Cgroup()?.Thaw();
                process.SendSignal(9);
                Poll.IsReadable(process.Handle, 10_000);
            }
        }

        ContainerTeardown.Remove(Cgroup(), _directory.DirectoryPath);
    }
}
