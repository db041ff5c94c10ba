using System.Globalization;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>What a stage is built on.</summary>
internal abstract record StageBase
{
    /// <summary>Nothing.</summary>
    internal sealed record Scratch : StageBase;

    /// <summary>An image of the store.</summary>
    internal sealed record StoredImage(string Reference) : StageBase;

    /// <summary>Another stage.</summary>
    internal sealed record OtherStage(int Index) : StageBase;
}

/// <summary>A stage that the target needs.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Base">What it stands on.</param>
/// <param name="DependsOn">Every stage it needs, its base included.</param>
internal sealed record PlannedStage(DockerfileStage Stage, StageBase Base, IReadOnlyList<int> DependsOn);

/// <summary>The stages a target needs, with what each depends on. Pure: no file and no image is touched.</summary>
/// <param name="Dockerfile">The source.</param>
/// <param name="Stages">Needed stages by index, in Dockerfile order.</param>
/// <param name="Target">Index of the stage whose image is the result.</param>
/// <param name="GlobalArguments">Values of ARGs before the first FROM, build arguments applied; null when declared without value.</param>
/// <param name="Warnings">Things worth telling.</param>
internal sealed record BuildGraph(
    Dockerfile Dockerfile,
    IReadOnlyDictionary<int, PlannedStage> Stages,
    int Target,
    IReadOnlyDictionary<string, string?> GlobalArguments,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Plans. Throws <c>DockerfileSyntax</c> and <c>BuildStageNotFound</c>.</summary>
    public static BuildGraph Create(Dockerfile dockerfile, string? target, IReadOnlyDictionary<string, string> buildArguments, BuildPlatform platform)
    {
        var targetIndex = target is null ? dockerfile.Stages.Count - 1 : FindTarget(dockerfile, target);
        var globals = EvaluateGlobals(dockerfile, buildArguments, platform, dockerfile.Stages[targetIndex].DisplayName);
        var planned = new Dictionary<int, PlannedStage>();
        Visit(targetIndex, []);
        return new BuildGraph(
            dockerfile, planned.OrderBy(pair => pair.Key).ToDictionary(), targetIndex, globals, [.. dockerfile.Warnings, .. UnusedArguments(dockerfile, buildArguments)]);

        void Visit(int index, List<int> path)
        {
            var stage = dockerfile.Stages[index];
            if (path.Contains(index))
            {
                throw DockerfileSyntax.Error(
                    dockerfile.FileName, stage.From.Line, $"unexpected circle of stages {string.Join(" → ", path.Append(index).Select(i => dockerfile.Stages[i].DisplayName))}: expected none.");
            }

            if (planned.ContainsKey(index))
            {
                return;
            }

            var plan = PlanStage(dockerfile, stage, globals, platform);
            foreach (var needed in plan.DependsOn)
            {
                Visit(needed, [.. path, index]);
            }

            planned.Add(index, plan);
        }
    }

    /// <summary>The stage that <paramref name="name"/> (name or index) means in an instruction of stage <paramref name="current"/>; null when it means an image.</summary>
    public static int? FindStage(Dockerfile dockerfile, string name, int current)
    {
        var named = dockerfile.Stages.Where(stage => string.Equals(stage.From.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return named.LastOrDefault(stage => stage.Index < current)?.Index
            ?? named.FirstOrDefault(stage => stage.Index != current)?.Index
            ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null);
    }

    private static PlannedStage PlanStage(Dockerfile dockerfile, DockerfileStage stage, Dictionary<string, string?> globals, BuildPlatform platform)
    {
        var from = stage.From;
        string Expand(string word)
        {
            try
            {
                return new WordExpander(dockerfile.Escape, name => globals.GetValueOrDefault(name)).Expand(word);
            }
            catch (FormatException error)
            {
                throw DockerfileSyntax.Error(dockerfile.FileName, from.Line, $"{error.Message}.", cause: error);
            }
        }

        if (from.Platform is not null && Expand(from.Platform) is var wanted && !platform.Matches(wanted))
        {
            throw DockerfileSyntax.NotSupported(
                dockerfile.FileName, from.Line, $"platform '{wanted}' is not this host's, {platform.Name}.", $"Take --platform off, or build on a {wanted} host.");
        }

        var image = Expand(from.Base);
        if (image.Length == 0)
        {
            throw DockerfileSyntax.Error(
                dockerfile.FileName, from.Line, $"token '{from.Base}' expands to nothing: expected an image.", "Give the ARG before the first FROM a default, or pass a build argument.");
        }

        var earlier = dockerfile.Stages.LastOrDefault(other => other.Index < stage.Index && string.Equals(other.From.Name, image, StringComparison.OrdinalIgnoreCase));
        StageBase stageBase = earlier is not null ? new StageBase.OtherStage(earlier.Index)
            : image == "scratch" ? new StageBase.Scratch()
            : new StageBase.StoredImage(image);
        var needed = new SortedSet<int>();
        if (earlier is not null)
        {
            needed.Add(earlier.Index);
        }

        foreach (var (line, name) in stage.Instructions.SelectMany(References))
        {
            if (FindStage(dockerfile, name, stage.Index) is { } index)
            {
                if (index >= dockerfile.Stages.Count || index == stage.Index)
                {
                    throw DockerfileSyntax.Error(dockerfile.FileName, line, $"unexpected stage '{name}': expected another stage, 0 to {dockerfile.Stages.Count - 1}, or an image.");
                }

                needed.Add(index);
            }
        }

        return new PlannedStage(stage, stageBase, [.. needed]);
    }

    private static IEnumerable<(int Line, string Name)> References(Instruction instruction) => instruction switch
    {
        CopyInstruction { From: { } from } => [(instruction.Line, from)],
        RunInstruction run => run.Mounts.Where(mount => mount.From is not null).Select(mount => (run.Line, mount.From!)),
        _ => [],
    };

    private static Dictionary<string, string?> EvaluateGlobals(
        Dockerfile dockerfile, IReadOnlyDictionary<string, string> buildArguments, BuildPlatform platform, string targetStage)
    {
        var globals = platform.Arguments(targetStage).ToDictionary(pair => pair.Key, pair => (string?)(buildArguments.GetValueOrDefault(pair.Key) ?? pair.Value));
        foreach (var instruction in dockerfile.GlobalArguments)
        {
            foreach (var (name, fallback) in instruction.Arguments)
            {
                try
                {
                    globals[name] = buildArguments.TryGetValue(name, out var given) ? given
                        : fallback is not null ? new WordExpander(dockerfile.Escape, globals.GetValueOrDefault).Expand(fallback)
                        : globals.GetValueOrDefault(name);
                }
                catch (FormatException error)
                {
                    throw DockerfileSyntax.Error(dockerfile.FileName, instruction.Line, $"{error.Message}.", cause: error);
                }
            }
        }

        return globals;
    }

    private static IEnumerable<string> UnusedArguments(Dockerfile dockerfile, IReadOnlyDictionary<string, string> buildArguments)
    {
        var declared = dockerfile.GlobalArguments.Concat(dockerfile.Stages.SelectMany(stage => stage.Instructions.OfType<ArgInstruction>()))
            .SelectMany(instruction => instruction.Arguments.Select(argument => argument.Key))
            .ToHashSet();
        var unused = buildArguments.Keys.Where(name => !declared.Contains(name) && !BuildPlatform.IsPredefined(name)).Order(StringComparer.Ordinal).ToList();
        return unused.Count == 0 ? [] : [$"{dockerfile.FileName}: no ARG instruction declares the build argument {string.Join(", ", unused)}; it has no effect."];
    }

    private static int FindTarget(Dockerfile dockerfile, string target)
    {
        var index = dockerfile.Stages.LastOrDefault(stage => string.Equals(stage.From.Name, target, StringComparison.OrdinalIgnoreCase))?.Index
            ?? (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
        if (index >= 0 && index < dockerfile.Stages.Count)
        {
            return index;
        }

        var names = dockerfile.Stages.Select(stage => stage.DisplayName).ToList();
        var near = DockerfileSyntax.Nearest(target, names);
        throw new ContainerToolsException(
            ErrorKind.NotFound,
            "BuildStageNotFound",
            $"{dockerfile.FileName} has no stage '{target}'{(near is null ? "." : $"; did you mean '{near}'?")}",
            target,
            $"Use one of: {string.Join(", ", names)}.");
    }
}
