using System.Collections;
using ContainerTools.Linux;
using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Runtime.Planning;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>
/// A container whose program is <c>/proc/self/exe</c> executes the runtime's own file and could write to it afterwards (CVE-2019-5736). So this process
/// runs from a read-only mount of its file that is attached nowhere, or from a sealed copy in memory; if it does not yet, it executes itself again that way.
/// A caller that starts the runtime through such a mount (<c>/proc/self/fd/N</c>) saves it the second start.
/// </summary>
internal static unsafe class SelfProtection
{
    private const string OwnFile = "/proc/self/exe";
    private const int StatfsFlagsOffset = 80;
    private const long ReadOnlyMount = 1;
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const long AllSeals = 0xF;

    /// <summary>Returns when this process is protected; otherwise executes it again.</summary>
    public static void Ensure(string[] arguments)
    {
        if (System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported || IsProtected())
        {
            return;
        }

        using SafeFileHandle file = OpenReadOnlyMount() ?? CopyToMemory();
        Execute(file, arguments);
    }

    private static bool IsProtected()
    {
        using SafeFileHandle own = Descriptor.Open(OwnFile, 0);
        byte* statfs = stackalloc byte[256];
        KernelCall.Require(SystemCall.Fstatfs, OwnFile, own.DangerousGetHandle(), (long)statfs);
        return (*(long*)(statfs + StatfsFlagsOffset) & ReadOnlyMount) != 0
            || KernelCall.Invoke(SystemCall.Fcntl, own.DangerousGetHandle(), GetSeals) == AllSeals;
    }

    /// <summary>Null without the right to mount.</summary>
    private static SafeFileHandle? OpenReadOnlyMount()
    {
        fixed (byte* path = Operand.Text(OwnFile).Data, empty = Operand.Text("").Data, attributes = PlanBuffer.MountAttr(MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.None).Data)
        {
            long mount = KernelCall.Invoke(SystemCall.OpenTree, RootTree.WorkingDirectory, (long)path, 1 | PlanBuffer.CloseOnExec);
            if (mount < 0)
            {
                return null;
            }

            SafeFileHandle handle = new((nint)mount, ownsHandle: true);
            if (KernelCall.Invoke(SystemCall.MountSetattr, mount, (long)empty, RootTree.EmptyPath, (long)attributes, 32) == 0)
            {
                return handle;
            }

            handle.Dispose();
            return null;
        }
    }

    private static SafeFileHandle CopyToMemory()
    {
        const int closeOnExecAndSealable = 3;
        fixed (byte* name = Operand.Text("ctrun").Data)
        {
            SafeFileHandle copy = new((nint)KernelCall.Require(SystemCall.MemfdCreate, null, (long)name, closeOnExecAndSealable), ownsHandle: true);
            Descriptor.Write(copy, File.ReadAllBytes(OwnFile), OwnFile);
            KernelCall.Require(SystemCall.Fcntl, null, copy.DangerousGetHandle(), AddSeals, AllSeals);
            return copy;
        }
    }

    private static void Execute(SafeFileHandle file, string[] arguments)
    {
        OperationList list = new();
        List<string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{variable.Key}={variable.Value}");
        }

        // The compiled form of an operation is what execveat wants; it is carried out here, not in a child.
        list.Add("execute the runtime again", OwnFile, SystemCall.ExecveAt, (long)file.DangerousGetHandle(), "", Operand.Strings(["ctrun", .. arguments]), Operand.Strings(environment), RootTree.EmptyPath);
        using OperationProgram program = new(list);
        program.InvokeInParent(0);
        throw LinuxException.FromLastError("execveat", OwnFile);
    }
}
