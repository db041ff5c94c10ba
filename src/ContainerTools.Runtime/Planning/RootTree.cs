using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>
/// Operations on paths inside a container's root, every one of them resolved by the kernel below the root's descriptor: a symbolic link in an image
/// or in a shared volume, swapped at any moment, cannot lead outside.
/// </summary>
/// <param name="operations">Where operations go.</param>
/// <param name="root">Slot of the root directory.</param>
internal sealed class RootTree(OperationList operations, int root)
{
    public const long ProcMagic = 0x9fa0;
    private const long RegularFile = 0x8000;
    private const int StatfsScratch = 0;
    private const PathResolution Inside = PathResolution.InRoot | PathResolution.NoMagicLinks;

    public OperationList Operations => operations;

    public int Root => root;

    /// <summary>Path of a destination relative to the root, dots and doubled slashes removed; empty for the root itself.</summary>
    public static string Relative(string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new FormatException($"'{path}' is not an absolute path.");
        }

        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Opens an existing path to a new slot, for mounting on it and the like.</summary>
    public int Open(string purpose, string relative, PathResolution extra = PathResolution.None)
    {
        int slot = operations.NewSlot();
        AppendOpen(purpose, relative, slot, extra, tolerateMissing: false);
        return slot;
    }

    /// <summary>Opens a path if there is one; returns the operation, which passes over what follows when there is none.</summary>
    public Operation OpenIfPresent(string purpose, string relative, int slot)
    {
        return AppendOpen(purpose, relative, slot, PathResolution.None, tolerateMissing: true);
    }

    /// <summary>Opens a path to a new slot, making it and its parents when it is missing.</summary>
    public int OpenOrMake(string purpose, string relative, bool directory, PathResolution extra = PathResolution.None)
    {
        int slot = operations.NewSlot();
        Operation found = AppendOpen(purpose, relative, slot, extra, tolerateMissing: true);
        string[] parts = relative.Split('/');
        int parent = root;
        string prefix = "";
        for (int index = 0; index < parts.Length - 1; index++)
        {
            prefix = index == 0 ? parts[0] : $"{prefix}/{parts[index]}";
            int next = operations.NewSlot();
            Operation present = AppendOpen(purpose, prefix, next, extra, tolerateMissing: true);
            operations.AddTolerant($"make directory for {purpose}", "/" + prefix, [Errno.Exists], SystemCall.MkdirAt, Operand.Slot(parent), parts[index], 0x1ED);
            AppendOpen(purpose, prefix, next, extra, tolerateMissing: false);
            operations.SkipHereOnSuccess(present);
            parent = next;
        }

        if (directory)
        {
            operations.AddTolerant($"make directory for {purpose}", "/" + relative, [Errno.Exists], SystemCall.MkdirAt, Operand.Slot(parent), parts[^1], 0x1ED);
        }
        else
        {
            operations.AddTolerant($"make file for {purpose}", "/" + relative, [Errno.Exists], SystemCall.MknodAt, Operand.Slot(parent), parts[^1], RegularFile | 0x1A4, 0);
        }

        AppendOpen(purpose, relative, slot, extra, tolerateMissing: false);
        operations.SkipHereOnSuccess(found);
        return slot;
    }

    /// <summary>Fails unless a descriptor lies in a real procfs.</summary>
    public void RequireProc(string purpose, string path, int slot)
    {
        operations.Add(purpose, path, SystemCall.Fstatfs, Operand.Slot(slot), Operand.Scratch(StatfsScratch));
        operations.Check($"{purpose}: not a real procfs", path, StatfsScratch, -1, ProcMagic, Errno.Invalid);
    }

    /// <summary>Fails when a descriptor lies in a procfs.</summary>
    public void RefuseProc(string purpose, string path, int slot)
    {
        operations.Add(purpose, path, SystemCall.Fstatfs, Operand.Slot(slot), Operand.Scratch(StatfsScratch));
        operations.Append(new Operation
        {
            Call = SystemCall.Check,
            Arguments = [Operand.Scratch(StatfsScratch), -1, ProcMagic, Errno.CrossDevice],
            Purpose = purpose,
            Path = path,
            Tolerated = [Errno.CrossDevice],
            SkipOnTolerated = 1,
        });
        operations.Add($"{purpose}: the target lies in /proc", path, SystemCall.Fail, Errno.NotPermitted);
    }

    /// <summary>Attaches a detached mount on an opened target.</summary>
    public Operation Attach(string purpose, string path, int mount, int target, params IReadOnlyList<int> tolerated) =>
        operations.AddTolerant(purpose, path, tolerated, SystemCall.MoveMount, Operand.Slot(mount), "", Operand.Slot(target), "", MoveEmptyPaths);

    /// <summary>Clones the mount tree at an open descriptor to a new slot.</summary>
    public int Clone(string purpose, string path, int source, bool recursive) =>
        operations.AddWithResult(purpose, path, SystemCall.OpenTree, Operand.Slot(source), "", EmptyPath | CloneFlags(recursive));

    /// <summary>Clones the mount tree at a host path to a new slot.</summary>
    public int CloneHost(string purpose, string source, bool recursive) =>
        operations.AddWithResult(purpose, source, SystemCall.OpenTree, WorkingDirectory, source, CloneFlags(recursive));

    /// <summary>Sets attributes or propagation of a mount.</summary>
    public void SetAttributes(string purpose, string path, int mount, MountAttributes set, MountAttributes clear, MountPropagation propagation, bool recursive) =>
        operations.Add(purpose, path, SystemCall.MountSetattr, Operand.Slot(mount), "", EmptyPath | (recursive ? Recursive : 0), PlanBuffer.MountAttr(set, clear, propagation), 32);

    public const long WorkingDirectory = -100;
    public const long EmptyPath = 0x1000;
    public const long Recursive = 0x8000;
    private const long MoveEmptyPaths = 0x4 | 0x40;

    private static long CloneFlags(bool recursive) => 1 | PlanBuffer.CloseOnExec | (recursive ? Recursive : 0);

    private Operation AppendOpen(string purpose, string relative, int slot, PathResolution extra, bool tolerateMissing) => operations.Append(new Operation
    {
        Call = SystemCall.OpenAt2,
        Arguments = [Operand.Slot(root), relative.Length == 0 ? "." : relative, PlanBuffer.OpenHow(PlanBuffer.PathOnly, Inside | extra), 24],
        Purpose = purpose,
        Path = "/" + relative,
        Result = slot,
        Tolerated = tolerateMissing ? [Errno.NoEntry, Errno.NotDirectory] : [],
    });
}
