using System.Collections.Concurrent;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>What all stages of one build share.</summary>
internal sealed class BuildSession(BuildRequest request, BuildGraph graph, IProgress<EngineProgress>? progress)
{
    private int _directories;
    private int _started;
    private LayeredTree? _context;

    public BuildRequest Request => request;

    public BuildGraph Graph => graph;

    public required ImageStore Images { get; init; }

    public required ImageProvision Provision { get; init; }

    public required WorkDirectory Work { get; init; }

    public required BuildCache Cache { get; init; }

    public required FileDigests Digests { get; init; }

    public required IRunStepExecutor Runs { get; init; }

    public required IgnoreFile Ignore { get; init; }

    /// <summary>Bounds the steps that run at once.</summary>
    public required SemaphoreSlim Throttle { get; init; }

    public LayerStore Layers => Images.Layers;

    public string FileName => graph.Dockerfile.FileName;

    public ConcurrentBag<BuildStep> Steps { get; } = [];

    /// <summary>The context as a tree; null without context.</summary>
    public LayeredTree? Context => request.ContextPath is null ? null : _context ??= LayeredTree.OfDirectory(request.ContextPath);

    /// <summary>Time for what is made now.</summary>
    public DateTimeOffset Now => request.SourceDate ?? DateTimeOffset.UtcNow;

    public LayerCommit Commit => new() { LatestTime = request.SourceDate };

    /// <summary>An image that an instruction names, pulled if the request's policy wants it.</summary>
    public Task<ImageRecord> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        Provision.EnsureAsync(reference, request.PullPolicy, null, progress, cancellationToken);

    /// <summary>A fresh directory for one step.</summary>
    public string NewDirectory(string purpose) => Work.NewDirectory($"{purpose}-{Interlocked.Increment(ref _directories)}");

    /// <summary>Tells that a step begins; returns its progress item.</summary>
    public string Begin(DockerfileStage stage, Instruction instruction)
    {
        var total = graph.Stages.Values.Sum(planned => planned.Stage.Instructions.Count + 1);
        var item = $"{stage.DisplayName}:{instruction.Line}";
        progress?.Report(new EngineProgress
        {
            Activity = "Build", Item = item, Status = Summary(instruction), Done = Interlocked.Increment(ref _started), Total = total,
        });
        return item;
    }

    public void End(string item, BuildStep step)
    {
        Steps.Add(step);
        progress?.Report(new EngineProgress { Activity = "Build", Item = item, Status = step.Cached ? $"cached {step.Instruction}" : step.Instruction, Completed = true });
    }

    public void Log(string item, string line) => progress?.Report(new EngineProgress { Activity = "Build", Item = item, LogLine = line });

    /// <summary>An error of an instruction: file and line first.</summary>
    public ContainerToolsException Error(ErrorKind kind, string code, Instruction instruction, string message, string? recommendedAction, Exception? cause = null) =>
        new(kind, code, $"{FileName}:{instruction.Line}: {message}", $"{FileName}:{instruction.Line}", recommendedAction, cause);

    public static string Summary(Instruction instruction) => instruction.Text.Length <= 200 ? instruction.Text : instruction.Text[..199] + "…";
}
