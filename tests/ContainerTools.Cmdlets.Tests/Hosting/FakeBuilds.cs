namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeBuilds : IBuildOperations
{
    public BuildRequest? LastRequest { get; private set; }

    public IReadOnlyList<EngineProgress> Reports { get; set; } = [];

    public Exception? Error { get; set; }

    public Task<BuildResult> BuildAsync(BuildRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        LastRequest = request;
        foreach (var report in Reports)
        {
            progress?.Report(report);
        }

        return Error is null
            ? Task.FromResult(new BuildResult { Image = FakeImages.New([.. request.Tags.DefaultIfEmpty("built:latest")]), Steps = [] })
            : Task.FromException<BuildResult>(Error);
    }

    public IReadOnlyList<string> GetStageNames(string dockerfilePath) =>
        [.. File.ReadLines(dockerfilePath).Select(line => line.Split(' ')).Where(words => words is ["FROM", _, "AS", _]).Select(words => words[3])];
}
