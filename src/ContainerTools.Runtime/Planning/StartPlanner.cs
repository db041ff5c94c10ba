using System.Globalization;
using System.Text;
using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Turns a config.json into a <see cref="StartPlan"/>. Pure: it asks the host nothing but <see cref="StartFacts"/>.</summary>
internal static class StartPlanner
{
    private const long NotDumpable = 4;

    /// <summary>Plans the start of a container.</summary>
    public static StartPlan Plan(RuntimeConfig config, StartFacts facts)
    {
        ConfigurationCheck.Require(config);
        ProcessSection process = config.Process!;
        LinuxSection linux = config.Linux!;
        NamespaceSelection namespaces = NamespaceSelection.Of(linux.Namespaces);
        bool init = ConfigurationCheck.WantsInit(config);
        if (init && (namespaces.Made & CloneFlags.NewPid) == 0)
        {
            throw new NotSupportedException($"The annotation {RuntimeConfig.InitAnnotation} needs a new pid namespace: elsewhere orphans do not come to the container's init.");
        }

        bool ownUser = (namespaces.Made & CloneFlags.NewUser) != 0;
        OperationList operations = new();
        IdentityPlanner identity = new(operations, process, facts, init ? ProgramParent.Init : ProgramParent.Runtime);

        operations.Add("hide the runtime from the container", null, SystemCall.Prctl, NotDumpable, 0, 0, 0, 0);
        if (ownUser)
        {
            BecomeNamespaceRoot(operations);
        }

        operations.Add("clear the file mode creation mask", null, SystemCall.Umask, 0);
        identity.ConnectStreams();
        operations.Add("start a session", null, SystemCall.Setsid);
        identity.SetOutOfMemoryScore();
        if (!ownUser)
        {
            // Root of a user namespace may not write there; then the parent moves the child.
            CgroupJoining.Add(operations, facts.CgroupJoinFiles);
        }

        EnterNamespaces(operations, namespaces);
        SetNames(operations, config, namespaces);
        IReadOnlyList<ParentTree> parentTrees = PrepareRoot(operations, config, facts, namespaces);
        if (facts.WaitForStart)
        {
            WaitForStart(operations);
        }

        int execution = identity.BecomeProgram();
        return new StartPlan
        {
            Operations = operations,

            // The cgroup namespace is made by the child after it has joined its cgroup, which then is the namespace's root.
            Namespaces = namespaces.Made & ~CloneFlags.NewCgroup,
            JoinedPidNamespace = namespaces.JoinedPid,
            ExecutesItself = !init,
            MaySuspendRuntime = (namespaces.Made & CloneFlags.NewPid) != 0 && !ownUser && !init && !facts.WaitForStart,
            Maps = ownUser ? new UserNamespaceMaps(MapText(linux.UidMappings), MapText(linux.GidMappings)) : null,
            ParentTrees = parentTrees,
            ExecutionStart = execution,
        };
    }

    /// <summary>Index of the first operation that a start signal lets run; the same as the number of operations without one.</summary>
    public static int FirstAfterStart(OperationList operations) =>
        operations.Operations.TakeWhile(operation => !operation.Arguments.Contains(Operand.Slot(PresetSlot.Start))).Count() + 1;

    private static void BecomeNamespaceRoot(OperationList operations)
    {
        const string purpose = "wait for the maps of the user namespace";
        operations.Add(purpose, null, SystemCall.Read, Operand.Slot(PresetSlot.Synchronize), Operand.Scratch(0), 1);
        operations.Add("become group 0 of the user namespace", null, SystemCall.Setresgid, 0, 0, 0);
        operations.Add("become user 0 of the user namespace", null, SystemCall.Setresuid, 0, 0, 0);
    }

    private static void EnterNamespaces(OperationList operations, NamespaceSelection namespaces)
    {
        foreach ((string path, CloneFlags kind) in namespaces.Joined)
        {
            string purpose = $"join the namespace {path}";
            int file = operations.AddWithResult(purpose, path, SystemCall.OpenAt, RootTree.WorkingDirectory, path, PlanBuffer.CloseOnExec, 0);
            operations.Add(purpose, path, SystemCall.Setns, Operand.Slot(file), (long)kind);
            operations.Add(purpose, path, SystemCall.Close, Operand.Slot(file));
        }

        if ((namespaces.Made & CloneFlags.NewCgroup) != 0)
        {
            operations.Add("make a cgroup namespace", null, SystemCall.Unshare, (long)CloneFlags.NewCgroup);
        }
    }

    private static void SetNames(OperationList operations, RuntimeConfig config, NamespaceSelection namespaces)
    {
        if (config.Hostname is { Length: > 0 } hostname)
        {
            RequireUts(namespaces, "hostname");
            Operand text = Operand.Text(hostname);
            operations.Add($"set the host name to {hostname}", null, SystemCall.Sethostname, text, text.Data!.Length - 1);
        }

        if (config.Domainname is { Length: > 0 } domain)
        {
            RequireUts(namespaces, "domainname");
            Operand text = Operand.Text(domain);
            operations.Add($"set the domain name to {domain}", null, SystemCall.Setdomainname, text, text.Data!.Length - 1);
        }
    }

    private static void RequireUts(NamespaceSelection namespaces, string member)
    {
        if (!namespaces.Own.Contains("uts"))
        {
            throw new FormatException($"{member} is set, but linux.namespaces has no uts namespace; the host's own name would change.");
        }
    }

    private static List<ParentTree> PrepareRoot(OperationList operations, RuntimeConfig config, StartFacts facts, NamespaceSelection namespaces)
    {
        LinuxSection linux = config.Linux!;
        bool ownUser = (namespaces.Made & CloneFlags.NewUser) != 0;
        string rootPath = Path.GetFullPath(config.Root!.Path, facts.Bundle);
        if (facts.IsDirectory(rootPath) != true)
        {
            throw new DirectoryNotFoundException($"root.path: the directory {rootPath} does not exist.");
        }

        (MountPropagation kind, bool _) = MountOptions.FindPropagation(linux.RootfsPropagation ?? "rprivate")
            ?? throw new FormatException($"linux.rootfsPropagation is '{linux.RootfsPropagation}'; use private, slave, shared or unbindable.");
        bool receive = kind is MountPropagation.Slave or MountPropagation.Shared;
        long privateOrSlave = (long)(receive ? MountPropagation.Slave : MountPropagation.Private) | 0x4000;
        operations.Add("separate mounts from the host's", "/", SystemCall.Mount, 0, "/", 0, privateOrSlave, 0);

        int root = operations.NewSlot();
        RootTree tree = new(operations, root);
        MountPlanner mounts = new(tree, facts, ownUser, namespaces.Own.Contains("cgroup"), group => !ownUser || IsMapped(linux.GidMappings, group));
        string purpose = $"prepare the root directory {rootPath}";
        List<ParentTree> parentTrees = [];
        if (ownUser)
        {
            parentTrees.Add(new ParentTree(root, rootPath, Recursive: true));
        }
        else
        {
            operations.Append(new Operation
            {
                Call = SystemCall.OpenTree,
                Arguments = [RootTree.WorkingDirectory, rootPath, 1 | PlanBuffer.CloseOnExec | RootTree.Recursive],
                Purpose = purpose,
                Path = rootPath,
                Result = root,
            });
        }

        operations.Add(purpose, rootPath, SystemCall.MoveMount, Operand.Slot(root), "", RootTree.WorkingDirectory, "/", 0x4);
        foreach (RuntimeMount mount in config.Mounts)
        {
            mounts.Add(mount);
        }

        if (!config.Mounts.Any(mount => mount.Type is null or "bind" or "rbind" && RootTree.Relative(mount.Destination) == "dev"))
        {
            new DevicePlanner(tree, mounts, ownUser).Add(linux.Devices, config.Mounts.Any(mount => RootTree.Relative(mount.Destination) == "dev/pts"));
        }

        ProtectionPlanner protection = new(tree, mounts);
        protection.WriteParameters(linux.Sysctl, namespaces.Own);
        protection.MakeReadOnly(linux.ReadonlyPaths);
        protection.Mask(linux.MaskedPaths);
        string workingDirectory = RootTree.Relative(config.Process!.Cwd);
        if (workingDirectory.Length > 0 && !workingDirectory.StartsWith("proc/", StringComparison.Ordinal))
        {
            tree.OpenOrMake("make the working directory", workingDirectory, directory: true);
        }

        if (config.Root.Readonly)
        {
            tree.SetAttributes("make the root directory read-only", "/", root, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.None, recursive: false);
        }

        ChangeRoot(operations, root);
        if (kind != MountPropagation.Private)
        {
            operations.Add("set the propagation of the root directory", "/", SystemCall.Mount, 0, "/", 0, (long)kind | 0x4000, 0);
        }

        parentTrees.AddRange(mounts.ParentTrees);
        return parentTrees;
    }

    private static void ChangeRoot(OperationList operations, int root)
    {
        const string purpose = "change the root directory";
        operations.Add(purpose, "/", SystemCall.Fchdir, Operand.Slot(root));
        operations.Add($"{purpose} (a host whose root is an initial ram file system must switch to another root first)", "/", SystemCall.PivotRoot, ".", ".");
        operations.Add(purpose, "/", SystemCall.Umount2, ".", 2);
        operations.Add(purpose, "/", SystemCall.Chdir, "/");
    }

    private static void WaitForStart(OperationList operations)
    {
        const string purpose = "wait for the start signal";
        operations.Add(purpose, null, SystemCall.Write, Operand.Slot(PresetSlot.Report), PlanBuffer.HalfWords(unchecked((uint)ChildReport.Ready), 0), 8);
        operations.Add(purpose, null, SystemCall.Read, Operand.Slot(PresetSlot.Start), Operand.Scratch(0), 1);
    }

    private static bool IsMapped(IReadOnlyList<IdMapping> mappings, uint id) =>
        mappings.Any(mapping => id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size);

    private static string MapText(IReadOnlyList<IdMapping> mappings)
    {
        StringBuilder text = new();
        foreach (IdMapping mapping in mappings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return text.ToString();
    }
}
