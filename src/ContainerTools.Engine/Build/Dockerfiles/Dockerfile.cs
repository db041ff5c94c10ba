namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>A parsed Dockerfile.</summary>
/// <param name="FileName">Name for messages.</param>
/// <param name="Escape">Escape character.</param>
/// <param name="GlobalArguments">ARG instructions before the first FROM.</param>
/// <param name="Stages">Stages in order; at least one.</param>
/// <param name="Warnings">Things worth telling, with file and line.</param>
internal sealed record Dockerfile(
    string FileName, char Escape, IReadOnlyList<ArgInstruction> GlobalArguments, IReadOnlyList<DockerfileStage> Stages, IReadOnlyList<string> Warnings);

/// <summary>One stage.</summary>
/// <param name="Index">Place, from 0.</param>
/// <param name="From">Its FROM.</param>
/// <param name="Instructions">What follows, in order.</param>
internal sealed record DockerfileStage(int Index, FromInstruction From, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>Name, or index when it has none.</summary>
    public string DisplayName => From.Name ?? Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
