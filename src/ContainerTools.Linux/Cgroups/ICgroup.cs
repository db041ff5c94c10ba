namespace ContainerTools.Linux.Cgroups;

/// <summary>A cgroup: one directory in each hierarchy that serves a controller, whatever the version.</summary>
public interface ICgroup
{
    /// <summary>Its directories, absolute; give them to <see cref="CgroupHost.Open"/> to find it again.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>The <c>tasks</c> files of v1 hierarchies (cgroups(7)): a process of a single thread joins by writing <c>0</c> to each.</summary>
    IReadOnlyList<string> JoinFiles { get; }

    /// <summary>Its directory in the v2 hierarchy, for CLONE_INTO_CGROUP; null when it has none.</summary>
    string? UnifiedDirectory { get; }

    /// <summary>Moves a process in.</summary>
    void Join(int processId);

    /// <summary>Changes limits; device rules cannot be changed.</summary>
    void Update(CgroupResources resources);

    /// <summary>Stops every process until <see cref="Thaw"/>; returns when all stand still.</summary>
    void Freeze();

    /// <summary>Lets the processes run on.</summary>
    void Thaw();

    /// <summary>True between <see cref="Freeze"/> and <see cref="Thaw"/>.</summary>
    bool IsFrozen { get; }

    /// <summary>Sends SIGKILL to every process in it and below, frozen ones too, until none is left that could fork another.</summary>
    void KillAll();

    /// <summary>Processes in it and below.</summary>
    IReadOnlyList<int> Processes();

    /// <summary>How often the kernel killed a process in it for want of memory.</summary>
    long OomKillCount();

    /// <summary>What it uses.</summary>
    CgroupUsage Usage();

    /// <summary>Removes it and what is below; waits a moment for processes that are still going. Nothing happens when it is gone already.</summary>
    void Delete();
}
