namespace ContainerTools.Runtime.Monitoring;

/// <summary>What a monitor needs of the container it watches.</summary>
internal interface IMonitoredContainer
{
    /// <summary>Process id of the first process.</summary>
    int Pid { get; }

    /// <summary>Its process descriptor.</summary>
    int Pidfd { get; }

    /// <summary>When its program was executed.</summary>
    DateTimeOffset Started { get; }

    /// <summary>True when the kernel's OOM killer struck in its cgroup.</summary>
    bool OomKilled { get; }

    /// <summary>Sends a signal to the first process.</summary>
    void Signal(int signal);

    /// <summary>Kills whatever outlived the first process.</summary>
    void KillRemaining();

    /// <summary>Removes its cgroup and its state.</summary>
    void Delete();
}
