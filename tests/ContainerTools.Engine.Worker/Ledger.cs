namespace ContainerTools.Engine.Worker;

/// <summary>What must be in the store after a <see cref="Hammer"/> has ended.</summary>
/// <param name="Images">Tags and the image ids they name.</param>
/// <param name="Containers">Names of running containers.</param>
/// <param name="Done">How often each operation was done.</param>
public sealed record Ledger(IReadOnlyDictionary<string, string> Images, IReadOnlyList<string> Containers, IReadOnlyDictionary<string, int> Done);
