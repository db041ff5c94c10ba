namespace ContainerTools.Engine.Containers;

/// <summary>Ids a process runs with, and its home directory.</summary>
internal sealed record ContainerUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home);
