namespace ContainerTools.Linux.Cgroups;

/// <summary>A cgroup as directories; every question goes to the hierarchy that serves its controller.</summary>
internal sealed class Cgroup(IReadOnlyList<CgroupDirectory> directories) : ICgroup
{
    private const string OwnParent = "containertools";
    private const int ENOENT = 2;
    private const int EBUSY = 16;
    private const int ENODEV = 19;
    private const int EINVAL = 22;
    private const int EOPNOTSUPP = 95;
    private const int SIGKILL = 9;
    private static readonly TimeSpan DeletePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> Paths { get; } = [.. directories.Select(directory => directory.Path)];

    // Not cgroup.procs: moving a whole process takes the lock that every fork of the machine holds, for which the kernel waits out an RCU grace period;
    // a thread that moves itself needs no lock (kernel/cgroup/cgroup.c, cgroup_procs_write_start).
    public IReadOnlyList<string> JoinFiles { get; } =
        [.. directories.Where(directory => directory.Hierarchy.Version == CgroupVersion.V1).Select(directory => $"{directory.Path}/tasks")];

    public string? UnifiedDirectory { get; } = directories.FirstOrDefault(directory => directory.Hierarchy.Version == CgroupVersion.V2)?.Path;

    public bool IsFrozen =>
        Of("freezer") is { Hierarchy.Version: CgroupVersion.V1 } freezer
            ? CgroupFile.Read($"{freezer.Path}/freezer.state").Trim() != "THAWED"
            : UnifiedDirectory is not null && CgroupFile.ReadNumber($"{UnifiedDirectory}/cgroup.freeze") == 1;

    public void Join(int processId)
    {
        var text = processId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var path in Paths)
        {
            CgroupFile.Write($"{path}/cgroup.procs", text);
        }
    }

    public void Update(CgroupResources resources) =>
        Write(CgroupHost.Served.SelectMany(controller => controller == "devices" ? [] : CgroupPlanner.Plan(resources, controller, Of(controller)?.Hierarchy.Version ?? CgroupVersion.V1)));

    /// <summary>Carries out a plan.</summary>
    public void Write(IEnumerable<CgroupWrite> writes)
    {
        CgroupWrite? postponed = null;
        foreach (var write in writes)
        {
            var directory = Of(write.Controller)
                ?? throw new NotSupportedException($"The limit {write.File} needs the cgroup controller '{write.Controller}', which this cgroup does not have.");
            var errno = CgroupFile.TryWrite($"{directory.Path}/{write.File}", write.Value, out var syscall);
            if (errno == 0 || (errno == ENOENT && write.Optional))
            {
                if (postponed is { } first && write.File == "memory.memsw.limit_in_bytes")
                {
                    postponed = null;
                    CgroupFile.Write($"{directory.Path}/{first.File}", first.Value);
                }

                continue;
            }

            // Raising a limit: on v1 memory may not exceed memory and swap, whose new value comes next.
            if (errno == EINVAL && write.File == "memory.limit_in_bytes")
            {
                postponed = write;
                continue;
            }

            throw new LinuxException(errno, syscall, $"{directory.Path}/{write.File} ({write.Value})");
        }

        if (postponed is { } never)
        {
            throw new LinuxException(EINVAL, "write", $"{Of("memory")!.Path}/{never.File} ({never.Value})");
        }
    }

    public void Freeze() => SetFrozen(true);

    public void Thaw() => SetFrozen(false);

    public void KillAll()
    {
        if (UnifiedDirectory is not null && CgroupFile.TryWrite($"{UnifiedDirectory}/cgroup.kill", "1", out _) == 0)
        {
            return;
        }

        var started = Environment.TickCount64;
        while (Processes().Count > 0)
        {
            // Frozen processes cannot fork away between the reading of the list and the signal.
            var frozen = Of("freezer") is { Hierarchy.Version: CgroupVersion.V1 } freezer && CgroupFile.TryWrite($"{freezer.Path}/freezer.state", "FROZEN", out _) == 0;
            var processes = Processes();
            foreach (var process in processes)
            {
                _ = CgroupFile.Kill(process, SIGKILL);
            }

            if (frozen)
            {
                _ = CgroupFile.TryWrite($"{Of("freezer")!.Path}/freezer.state", "THAWED", out _);
            }

            if (Environment.TickCount64 - started > KillPatience.TotalMilliseconds)
            {
                throw new LinuxException(EBUSY, "kill", $"{Paths[0]} ({processes.Count} processes do not die)");
            }

            Thread.Sleep(1);
        }
    }

    public IReadOnlyList<int> Processes()
    {
        var found = new SortedSet<int>();
        var anywhere = UnifiedDirectory ?? Of("pids")?.Path ?? Of("freezer")?.Path ?? (Paths.Count > 0 ? Paths[0] : null);
        if (anywhere is not null)
        {
            Collect(anywhere, found);
        }

        return [.. found];
    }

    public long OomKillCount() => Of("memory") switch
    {
        null => 0,
        { Hierarchy.Version: CgroupVersion.V1 } memory => CgroupFile.ReadNumber($"{memory.Path}/memory.oom_control", "oom_kill") ?? 0,
        var memory => CgroupFile.ReadNumber($"{memory.Path}/memory.events", "oom_kill") ?? 0,
    };

    public CgroupUsage Usage()
    {
        var cpu = Of("cpuacct") is { } accounting
            ? accounting.Hierarchy.Version == CgroupVersion.V1
                ? TimeSpan.FromMicroseconds((CgroupFile.ReadNumber($"{accounting.Path}/cpuacct.usage") ?? 0) / 1000.0)
                : TimeSpan.FromMicroseconds(CgroupFile.ReadNumber($"{accounting.Path}/cpu.stat", "usage_usec") ?? 0)
            : TimeSpan.Zero;
        var bytes = Of("memory") is { } memory
            ? CgroupFile.ReadNumber($"{memory.Path}/{(memory.Hierarchy.Version == CgroupVersion.V1 ? "memory.usage_in_bytes" : "memory.current")}") ?? 0
            : 0;
        var pids = Of("pids") is { } counted ? CgroupFile.ReadNumber($"{counted.Path}/pids.current") ?? 0 : Processes().Count;
        return new CgroupUsage(cpu, bytes, pids);
    }

    public void Delete()
    {
        var deadline = Environment.TickCount64 + (long)DeletePatience.TotalMilliseconds;
        foreach (var path in Paths)
        {
            Remove(path, deadline);

            // Our common parent goes with the last container; others' directories are not ours to remove.
            var parent = path[..path.LastIndexOf('/')];
            if (parent.EndsWith("/" + OwnParent, StringComparison.Ordinal))
            {
                _ = CgroupFile.RemoveDirectory(parent);
            }
        }
    }

    private static void Remove(string path, long deadline)
    {
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            var errno = CgroupFile.RemoveDirectory(path);
            if (errno is 0 or ENOENT)
            {
                return;
            }

            foreach (var child in Children(path))
            {
                Remove(child, deadline);
            }

            if (errno != EBUSY || Environment.TickCount64 > deadline)
            {
                throw new LinuxException(errno, "rmdir", path);
            }

            Thread.Sleep(pause);
        }
    }

    private static void Collect(string path, SortedSet<int> found)
    {
        try
        {
            foreach (var line in CgroupFile.Read($"{path}/cgroup.procs").AsSpan().EnumerateLines())
            {
                if (int.TryParse(line, out var process) && process > 0)
                {
                    found.Add(process);
                }
            }
        }
        catch (LinuxException error) when (error.Errno is ENOENT or ENODEV or EOPNOTSUPP)
        {
            // Gone meanwhile, or a threaded v2 cgroup, whose processes its parent lists.
        }

        foreach (var child in Children(path))
        {
            Collect(child, found);
        }
    }

    private static string[] Children(string path)
    {
        try
        {
            return Directory.GetDirectories(path);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private void SetFrozen(bool frozen)
    {
        if (Of("freezer") is { Hierarchy.Version: CgroupVersion.V1 } freezer)
        {
            var state = frozen ? "FROZEN" : "THAWED";
            while (true)
            {
                CgroupFile.Write($"{freezer.Path}/freezer.state", state);
                if (CgroupFile.Read($"{freezer.Path}/freezer.state").Trim() == state)
                {
                    return;
                }

                Thread.Sleep(1);
            }
        }

        var directory = UnifiedDirectory ?? throw new NotSupportedException("Freezing needs the cgroup controller 'freezer' or a cgroup v2 hierarchy; neither is mounted on this machine.");
        CgroupFile.Write($"{directory}/cgroup.freeze", frozen ? "1" : "0");
        while (CgroupFile.ReadNumber($"{directory}/cgroup.events", "frozen") is { } now && now != (frozen ? 1 : 0))
        {
            Thread.Sleep(1);
        }
    }

    private CgroupDirectory? Of(string controller)
    {
        foreach (var directory in directories)
        {
            if (directory.Hierarchy.Controllers.Contains(controller))
            {
                return directory;
            }
        }

        return controller is "devices" or "freezer" or "cpuacct" ? directories.FirstOrDefault(directory => directory.Hierarchy.Version == CgroupVersion.V2) : null;
    }
}
