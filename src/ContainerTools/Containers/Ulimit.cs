namespace ContainerTools;

/// <summary>A resource limit (setrlimit(2)); -1 is unlimited.</summary>
/// <param name="Soft">Soft limit.</param>
/// <param name="Hard">Hard limit.</param>
public readonly record struct Ulimit(long Soft, long Hard);
