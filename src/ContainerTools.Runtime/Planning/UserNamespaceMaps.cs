namespace ContainerTools.Runtime.Planning;

/// <summary>Contents of <c>/proc/PID/uid_map</c> and <c>gid_map</c>.</summary>
internal sealed record UserNamespaceMaps(string Uid, string Gid);
