namespace ContainerTools.Engine.Host.Repair;

/// <summary>One thing that nobody owns any more, and how it goes.</summary>
/// <param name="Kind">See <see cref="RepairAction.Kind"/>.</param>
/// <param name="Target">A path, a process id or a name.</param>
/// <param name="Reason">Why it is a left-over.</param>
/// <param name="Remove">Takes it away; things that go together share one.</param>
/// <param name="Size">Bytes that go with it.</param>
internal sealed record Leftover(string Kind, string Target, string Reason, Action Remove, long Size = 0);
