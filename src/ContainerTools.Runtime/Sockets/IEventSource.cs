namespace ContainerTools.Runtime.Sockets;

/// <summary>Something whose descriptors an <see cref="EventQueue"/> watches.</summary>
internal interface IEventSource
{
    /// <summary>When it wants to be woken although nothing came, in milliseconds of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> for never.</summary>
    long Deadline { get; }

    /// <summary>Serves a descriptor that is ready; there may be nothing to read all the same.</summary>
    /// <param name="token">What it was watched under.</param>
    /// <param name="now">The time.</param>
    void Serve(int token, long now);

    /// <summary>Does what is due.</summary>
    void Expire(long now);
}
