namespace ContainerTools.Shell.Console;

/// <summary>What can stand in place of a part of a line.</summary>
/// <param name="Start">First character of the part.</param>
/// <param name="Length">Length of the part.</param>
/// <param name="Candidates">Texts for it, best first.</param>
internal sealed record LineCompletion(int Start, int Length, IReadOnlyList<string> Candidates);
