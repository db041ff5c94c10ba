using System.Diagnostics;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>Executes one stage, instruction by instruction.</summary>
internal sealed partial class StageExecutor(BuildSession session, StageRunner stages, PlannedStage plan)
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private StageState _state = null!;

    public async Task<StageState> RunAsync(CancellationToken cancellationToken)
    {
        var triggers = await StepAsync(plan.Stage.From, async () => (await BaseAsync(cancellationToken).ConfigureAwait(false), new StepOutcome())).ConfigureAwait(false);
        foreach (var trigger in triggers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ExecuteAsync(DockerfileParser.ParseTrigger(session.FileName, plan.Stage.From.Line, trigger), cancellationToken).ConfigureAwait(false);
        }

        foreach (var instruction in plan.Stage.Instructions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ExecuteAsync(instruction, cancellationToken).ConfigureAwait(false);
        }

        return _state;
    }

    /// <summary>Sets the first state; returns the base image's triggers.</summary>
    private async Task<IReadOnlyList<string>> BaseAsync(CancellationToken cancellationToken)
    {
        switch (plan.Base)
        {
            case StageBase.OtherStage other:
                _state = (await stages.GetAsync(other.Index).ConfigureAwait(false)).Derive();
                break;
            case StageBase.StoredImage image:
                await FromImageAsync(image.Reference, cancellationToken).ConfigureAwait(false);
                break;
            default:
                _state = new StageState
                {
                    Config = new ImageExecutionConfig { Environment = [DefaultPath], WorkingDirectory = "/" },
                    Architecture = BuildPlatform.Host.Architecture,
                    Variant = BuildPlatform.Host.Variant is { Length: > 0 } variant ? variant : null,
                    FilesKey = "scratch",
                    HistoryKey = "scratch",
                };
                break;
        }

        var triggers = _state.Config.OnBuild ?? [];
        _state.Config = _state.Config with { OnBuild = null };
        return triggers;
    }

    private async Task FromImageAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            var record = await session.FindImageAsync(reference, cancellationToken).ConfigureAwait(false);
            foreach (var layer in record.Layers)
            {
                if (session.Cache.Lease(layer) is null)
                {
                    throw session.Error(ErrorKind.DataLoss, "LayerNotFound", plan.Stage.From, $"image '{reference}' lacks its layer {layer.Short}.", "Import the image again.");
                }
            }

            session.Images.Touch(record.Id);
            _state = new StageState
            {
                Config = record.Config.Config ?? new ImageExecutionConfig(),
                Author = record.Config.Author,
                Architecture = record.Config.Architecture,
                Variant = record.Config.Variant,
                Layers = [.. record.Layers],
                History = [.. record.Config.History ?? []],
                FilesKey = "layers " + string.Join(' ', record.Layers),
                HistoryKey = "image " + record.Id,
            };
        }
        catch (ContainerToolsException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
        {
            throw session.Error(error.Kind, error.Code, plan.Stage.From, $"FROM {reference}: {error.Message}", error.RecommendedAction, error);
        }
    }

    private Task<bool> ExecuteAsync(Instruction instruction, CancellationToken cancellationToken) => StepAsync(instruction, async () =>
    {
        try
        {
            return (true, instruction switch
            {
                RunInstruction run => await RunStepAsync(run, cancellationToken).ConfigureAwait(false),
                CopyInstruction copy => await CopyAsync(copy, cancellationToken).ConfigureAwait(false),
                WorkdirInstruction workdir => await WorkdirAsync(workdir, cancellationToken).ConfigureAwait(false),
                _ => Configure(instruction),
            });
        }
        catch (FormatException error)
        {
            throw DockerfileSyntax.Error(session.FileName, instruction.Line, $"{error.Message}.", cause: error);
        }
        catch (UnsupportedFeatureException error)
        {
            throw DockerfileSyntax.NotSupported(session.FileName, instruction.Line, $"{error.Message}.", $"Change line {instruction.Line}.");
        }
        catch (Exception error) when (error is LinuxException || (error is IOException && (error.HResult & 0xffff) == LinuxError.NoSpace))
        {
            throw StoreErrors.Translate(error, $"{session.FileName}:{instruction.Line}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw session.Error(ErrorKind.InvalidArgument, "BuildCopyFailed", instruction, $"{BuildSession.Summary(instruction)}: {error.Message}.", "Correct the source or the destination.", error);
        }
    });

    private async Task<T> StepAsync<T>(Instruction instruction, Func<Task<(T Result, StepOutcome Outcome)>> execute)
    {
        var item = session.Begin(plan.Stage, instruction);
        var clock = Stopwatch.StartNew();
        var (result, outcome) = await execute().ConfigureAwait(false);
        session.End(item, new BuildStep
        {
            Stage = plan.Stage.DisplayName,
            Line = instruction.Line,
            Instruction = instruction.Text,
            Cached = outcome.Cached,
            Duration = clock.Elapsed,
            Layer = outcome.Layer?.ToString(),
            Size = outcome.Size,
        });
        return result;
    }

    /// <summary>A step that makes a layer: from the cache, or by <paramref name="make"/>, which fills a fresh upper directory.</summary>
    private async Task<StepOutcome> LayerAsync(string key, string createdBy, Func<string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        if (session.Cache.Find(key) is { Layer: { } known } cached)
        {
            Append(createdBy, known, cached.Created, key);
            return new StepOutcome(true, known, session.Layers.SizeOf(known));
        }

        await session.Throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var upper = session.NewDirectory("layer");
            await make(upper, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var layer = session.Layers.Commit(upper, session.Work, session.Commit);
            var created = Now();
            session.Cache.Add(key, layer.DiffId, created);
            Append(createdBy, layer.DiffId, created, key);
            return new StepOutcome(false, layer.DiffId, layer.Size);
        }
        finally
        {
            session.Throttle.Release();
        }
    }

    private void Append(string createdBy, Digest layer, DateTimeOffset created, string key)
    {
        _state.Layers.Add(layer);
        _state.History.Add(new ImageHistory { Created = created, CreatedBy = createdBy });
        _state.FilesKey = key;
        _state.HistoryKey = CacheKey.Of("history", _state.HistoryKey, createdBy, layer.ToString(), created.ToString("O"));
    }

    /// <summary>A step that changes the configuration only. Its time is remembered too, so that an unchanged build gives the same image.</summary>
    private StepOutcome Record(string createdBy)
    {
        var key = CacheKey.Of("history", _state.HistoryKey, createdBy, session.Request.SourceDate?.ToString("O") ?? "");
        var cached = session.Cache.Find(key);
        var created = cached?.Created ?? Now();
        if (cached is null)
        {
            session.Cache.Add(key, null, created);
        }

        _state.History.Add(new ImageHistory { Created = created, CreatedBy = createdBy, EmptyLayer = true });
        _state.HistoryKey = CacheKey.Of("history", key, created.ToString("O"));
        return new StepOutcome(cached is not null);
    }

    // The cache keeps milliseconds; what is built must carry the same time as what is found.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(session.Now.ToUnixTimeMilliseconds());

    private string Expand(string word) => new WordExpander(session.Graph.Dockerfile.Escape, _state.Lookup).Expand(word);

    private List<string> LayersTopFirst() => PathsTopFirst(_state.Layers);

    private List<string> PathsTopFirst(IEnumerable<Digest> layers) => [.. layers.Reverse().Select(session.Layers.PathOf)];

    private string SourceDateKey => session.Request.SourceDate?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    /// <summary>The tree that a stage or an image shows.</summary>
    private async Task<LayeredTree> TreeOfAsync(string name, Instruction instruction, CancellationToken cancellationToken)
    {
        var index = BuildGraph.FindStage(session.Graph.Dockerfile, name, plan.Stage.Index);
        if (index is { } stage && stages.Has(stage) && (plan.DependsOn.Contains(stage) || stage < plan.Stage.Index))
        {
            return LayeredTree.OfLayers(PathsTopFirst((await stages.GetAsync(stage).ConfigureAwait(false)).Layers));
        }

        try
        {
            var record = await session.FindImageAsync(name, cancellationToken).ConfigureAwait(false);
            foreach (var layer in record.Layers)
            {
                _ = session.Cache.Lease(layer);
            }

            return LayeredTree.OfLayers(PathsTopFirst(record.Layers));
        }
        catch (ContainerToolsException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
        {
            throw session.Error(error.Kind, error.Code, instruction, $"'{name}' is neither a stage nor an image: {error.Message}", error.RecommendedAction, error);
        }
    }

    private readonly record struct StepOutcome(bool Cached = false, Digest? Layer = null, long Size = 0);
}
