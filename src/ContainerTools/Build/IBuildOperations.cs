namespace ContainerTools;

/// <summary>Building images from Dockerfiles.</summary>
public interface IBuildOperations
{
    /// <summary>
    /// Builds. Log lines of RUN steps arrive through <paramref name="progress"/> in order per step. Throws <c>DockerfileSyntax</c> (with file:line),
    /// <c>BuildSourceNotFound</c>, <c>BuildStepFailed</c>, <c>BuildStageNotFound</c> and others; on any error nothing is tagged.
    /// </summary>
    Task<BuildResult> BuildAsync(BuildRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Names of the stages of a Dockerfile, in order, for completion. Returns an empty list when the file cannot be read.</summary>
    IReadOnlyList<string> GetStageNames(string dockerfilePath);
}
