using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>How a container's first process comes to be: everything the launcher does, as data.</summary>
internal sealed record StartPlan
{
    /// <summary>What the child does.</summary>
    public required OperationList Operations { get; init; }

    /// <summary>Namespaces made with the child.</summary>
    public CloneFlags Namespaces { get; init; }

    /// <summary>Pid namespace that the parent enters before it clones, or null.</summary>
    public string? JoinedPidNamespace { get; init; }

    /// <summary>The child reports <see cref="ChildReport.WentOn"/> and another takes its place.</summary>
    public bool GoesOnInSibling { get; init; }

    /// <summary>
    /// The child may work in the runtime's own memory while the runtime stands still: it waits for nothing from it, executes its program itself, and is seen
    /// by nobody before.
    /// </summary>
    public bool MaySuspendRuntime { get; init; }

    /// <summary>The child, or the sibling that takes its place, executes the program; otherwise it stays behind as the program's init.</summary>
    public bool ExecutesItself { get; init; } = true;

    /// <summary>Contents of uid_map and gid_map; null without a new user namespace.</summary>
    public UserNamespaceMaps? Maps { get; init; }

    /// <summary>Mount trees the parent opens for the child, which could not reach them from its user namespace.</summary>
    public IReadOnlyList<ParentTree> ParentTrees { get; init; } = [];

    /// <summary>Index of the first operation that executes the program.</summary>
    public int ExecutionStart { get; init; }
}
