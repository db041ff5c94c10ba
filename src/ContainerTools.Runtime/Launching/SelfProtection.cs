using System.Collections;
using System.Runtime.InteropServices;
using ContainerTools.Linux;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Runtime.Planning;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>
/// A container whose program is <c>/proc/self/exe</c> executes the runtime's own file and could write to it afterwards (CVE-2019-5736). So this process
/// runs from a read-only mount of its file that is attached nowhere, which <see cref="ProgramEntry"/> sees to, or from a sealed copy in memory, where
/// mounts cannot be made. A caller that starts the runtime through such a mount (<c>/proc/self/fd/N</c>) saves it the second execution.
/// </summary>
internal static unsafe partial class SelfProtection
{
    private const string OwnFile = "/proc/self/exe";
    private const int CloseOnExec = 0x80000;
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

        using SafeFileHandle file = CopyToMemory();
        Execute(file, arguments);
    }

    /// <summary>True when nobody can write to this process's file through <c>/proc/PID/exe</c>. Also called before the runtime has started.</summary>
    public static bool IsProtected()
    {
        byte* statfs = stackalloc byte[256];
        fixed (byte* path = "/proc/self/exe"u8)
        {
            int own = Open(path, CloseOnExec);
            bool isProtected = own >= 0
                && ((Fstatfs(own, statfs) == 0 && (*(long*)(statfs + StatfsFlagsOffset) & ReadOnlyMount) != 0) || Fcntl(own, GetSeals) == AllSeals);
            if (own >= 0)
            {
                _ = Close(own);
            }

            return isProtected;
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

    [LibraryImport("libc", EntryPoint = "open")]
    [SuppressGCTransition]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fstatfs")]
    [SuppressGCTransition]
    private static partial int Fstatfs(int descriptor, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [SuppressGCTransition]
    private static partial int Fcntl(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    private static partial int Close(int descriptor);
}
