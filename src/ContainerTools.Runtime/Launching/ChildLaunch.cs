using System.Globalization;
using System.Runtime.InteropServices;
using ContainerTools.Linux;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Runtime.Planning;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>Carries out a <see cref="StartPlan"/>: clones, writes the maps, waits for the report.</summary>
internal static unsafe class ChildLaunch
{
    private const int FirstFreeDescriptor = 3;
    private const int CloneTree = 1;

    /// <summary>Starts the child; returns when its program runs, or when it says that it waits for the start signal.</summary>
    /// <exception cref="ContainerStartException">An operation failed.</exception>
    public static StartedChild Start(StartPlan plan, ICgroup? cgroup, (int Input, int Output, int Error) streams, SafeFileHandle? startPipe, SafeFileHandle? reportPipe, SafeFileHandle? joined = null)
    {
        List<SafeHandle> opened = [];
        try
        {
            using OperationProgram program = new(plan.Operations);
            SafeFileHandle reader;
            SafeFileHandle writer;
            if (reportPipe is null)
            {
                Pipe report = new();
                (reader, writer) = (report.Reader, report.Writer);
                opened.AddRange([reader, writer]);
            }
            else
            {
                (reader, writer) = (reportPipe, reportPipe);
            }

            PresetReport(program, writer);
            program.Preset(PresetSlot.StandardInput, Clear(streams.Input, 0, opened));
            program.Preset(PresetSlot.StandardOutput, Clear(streams.Output, 1, opened));
            program.Preset(PresetSlot.StandardError, Clear(streams.Error, 2, opened));
            if (startPipe is not null)
            {
                program.Preset(PresetSlot.Start, startPipe.DangerousGetHandle());
            }

            if (joined is not null)
            {
                program.Preset(PresetSlot.JoinedProcess, joined.DangerousGetHandle());
            }

            foreach (ParentTree tree in plan.ParentTrees)
            {
                program.Preset(tree.Slot, OpenTree(tree, opened));
            }

            Pipe? synchronize = null;
            if (plan.Maps is not null)
            {
                synchronize = new Pipe();
                opened.AddRange([synchronize.Reader, synchronize.Writer]);
                program.Preset(PresetSlot.Synchronize, synchronize.Reader.DangerousGetHandle());
            }

            StartedChild child = Clone(plan, program, cgroup);
            try
            {
                if (plan.Maps is { } maps)
                {
                    foreach (string file in cgroup?.JoinFiles ?? [])
                    {
                        WriteFile(file, child.Pid.ToString(CultureInfo.InvariantCulture));
                    }

                    WriteFile($"/proc/{child.Pid}/uid_map", maps.Uid);
                    WriteFile($"/proc/{child.Pid}/gid_map", maps.Gid);
                    Descriptor.Write(synchronize!.Writer, [1]);
                }

                if (reportPipe is null)
                {
                    writer.Dispose();
                }

                if (plan.GoesOnInSibling)
                {
                    child = FollowSibling(plan, reader, child);
                }

                ChildReport outcome = ReadReport(reader, child.Pidfd);
                if (outcome is not { Index: ChildReport.Ready })
                {
                    throw StartFailure.Describe(plan.Operations, plan.ExecutionStart, outcome);
                }

                // Nor may a child that was killed pass for one that executed: the pipe is closed by both.
                if (plan.ExecutesItself && startPipe is null && ProcessStat.Read(child.Pid) is { HasNotExecuted: true })
                {
                    throw StartFailure.Died();
                }

                return child;
            }
            catch
            {
                KernelCall.Invoke(SystemCall.PidfdSendSignal, child.Pidfd.DangerousGetHandle(), 9);
                ChildExit.Wait(child.Pidfd);
                child.Pidfd.Dispose();
                throw;
            }
        }
        finally
        {
            opened.ForEach(handle => handle.Dispose());
        }
    }

    private static StartedChild Clone(StartPlan plan, OperationProgram program, ICgroup? cgroup)
    {
        using SafeFileHandle? unified = cgroup?.UnifiedDirectory is { } directory ? Descriptor.Open(directory, 0x200000) : null;
        using PidNamespaceScope? scope = plan.JoinedPidNamespace is { } path ? new PidNamespaceScope(path) : null;
        return ChildStarter.Start(program, plan.Namespaces, unified, plan.MaySuspendRuntime);
    }

    /// <summary>Takes the child's sibling for the child. The sibling is a child of this process too, so that its pid cannot be another's until it is waited for.</summary>
    private static StartedChild FollowSibling(StartPlan plan, SafeFileHandle reader, StartedChild child)
    {
        ChildReport report = ReadReport(reader, child.Pidfd);
        if (report.Index != ChildReport.WentOn)
        {
            // The sibling's own failure may come first; its process ends with it and is this process's to forget.
            throw report.Index == ChildReport.Ready ? StartFailure.Died() : StartFailure.Describe(plan.Operations, plan.ExecutionStart, report);
        }

        int pid = report.Errno;
        SafeFileHandle pidfd = new((nint)KernelCall.Require(SystemCall.PidfdOpen, null, pid), ownsHandle: true);
        ChildExit.Wait(child.Pidfd);
        child.Pidfd.Dispose();
        return new StartedChild(pid, pidfd);
    }

    /// <summary>End of file without a report means that exec closed the descriptor: success, told as <see cref="ChildReport.Ready"/>.</summary>
    private static ChildReport ReadReport(SafeFileHandle reader, SafeFileHandle pidfd)
    {
        ChildReport report = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ChildReport>(ref report));

        // The process ends before its last words are read, so the report counts more than the end.
        if (Poll.Wait([reader, pidfd], -1) == 0)
        {
            int count = Descriptor.Read(reader, bytes);
            if (count == bytes.Length)
            {
                return report;
            }

            if (count == 0)
            {
                return new ChildReport { Index = ChildReport.Ready };
            }
        }

        return new ChildReport { Index = int.MaxValue };
    }

    private static void PresetReport(OperationProgram program, SafeFileHandle writer)
    {
        long descriptor = writer.DangerousGetHandle();
        program.Preset(PresetSlot.Report, descriptor);
        program.Preset(PresetSlot.BelowReport, descriptor - 1);
        program.Preset(PresetSlot.AboveReport, descriptor + 1);
    }

    /// <summary>A stream that lies on one of the numbers the others will take is moved away first.</summary>
    private static long Clear(int descriptor, int target, List<SafeHandle> opened)
    {
        if (descriptor == target || descriptor >= FirstFreeDescriptor)
        {
            return descriptor;
        }

        SafeFileHandle copy = Descriptor.Duplicate(descriptor, FirstFreeDescriptor);
        opened.Add(copy);
        return copy.DangerousGetHandle();
    }

    private static long OpenTree(ParentTree tree, List<SafeHandle> opened)
    {
        fixed (byte* path = Operand.Text(tree.Path).Data)
        {
            long descriptor = KernelCall.Require(SystemCall.OpenTree, tree.Path, RootTree.WorkingDirectory, (long)path, CloneTree | PlanBuffer.CloseOnExec | (tree.Recursive ? RootTree.Recursive : 0));
            opened.Add(new SafeFileHandle((nint)descriptor, ownsHandle: true));
            return descriptor;
        }
    }

    private static void WriteFile(string path, string text)
    {
        using SafeFileHandle file = Descriptor.Open(path, 1);
        Descriptor.Write(file, System.Text.Encoding.UTF8.GetBytes(text), path);
    }
}
