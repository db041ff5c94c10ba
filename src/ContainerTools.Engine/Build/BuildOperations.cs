namespace ContainerTools.Engine.Build;

internal sealed class BuildOperations : IBuildOperations
{
    public Task<BuildResult> BuildAsync(BuildRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<string> GetStageNames(string dockerfilePath) => throw new NotSupportedException();
}
