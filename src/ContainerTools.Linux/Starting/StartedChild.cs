using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Starting;

/// <summary>A child that was cloned.</summary>
/// <param name="Pid">Its process id as its parent sees it.</param>
/// <param name="Pidfd">Its process descriptor.</param>
public sealed record StartedChild(int Pid, SafeFileHandle Pidfd);
