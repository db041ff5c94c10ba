using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>RUN.</summary>
internal sealed partial class StageExecutor
{
    private const int LastLines = 20;
    private const string ScriptPath = "/dev/containertools-script";

    private async Task<StepOutcome> RunStepAsync(RunInstruction instruction, CancellationToken cancellationToken)
    {
        var (command, script) = CommandOf(instruction);
        var arguments = ArgumentsOfRun();
        var network = instruction.Network ?? session.Request.Network;
        var lower = LayersTopFirst();
        var mounts = new List<(RunMount Mount, string Target, SelectedSource? Source, bool FromContext)>();
        foreach (var mount in instruction.Mounts)
        {
            var source = mount.Type == "bind" ? await MountSourceAsync(instruction, mount, cancellationToken).ConfigureAwait(false) : null;
            mounts.Add((mount, mount.Target.Length == 0 ? "" : Clean(Absolute(Expand(mount.Target))), source, mount.From is null));
        }

        var config = _state.Config;
        var key = CacheKey.Of(
            "run",
            _state.FilesKey,
            [
                config.User ?? "", config.WorkingDirectory ?? "", network, SourceDateKey, script ?? "", $"{command.Count}", .. command,
                $"{config.Environment?.Count ?? 0}", .. config.Environment ?? [],
                .. arguments.Where(pair => !BuildPlatform.IsProxy(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"),
                .. mounts.SelectMany(mount => (string[])
                [
                    mount.Mount.Type, mount.Target, mount.Mount.Id ?? "", mount.Mount.Size ?? "", mount.Mount.Variable ?? "", $"{mount.Mount.ReadOnly}",
                    mount.Source is null ? "" : SourceSelection.Digest([mount.Source], withOwners: !mount.FromContext, session.Digests),
                ]),
            ]);
        var prefix = arguments.Count == 0 ? "" : $"|{arguments.Count} {string.Join(' ', arguments.Select(pair => $"{pair.Key}={pair.Value}"))} ";
        return await LayerAsync(
            key,
            $"RUN {prefix}{string.Join(' ', command)}",
            async (upper, cancelled) => await ExecuteRunAsync(instruction, command, script, arguments, network, lower, mounts, upper, cancelled).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ExecuteRunAsync(
        RunInstruction instruction,
        IReadOnlyList<string> command,
        string? script,
        Dictionary<string, string> arguments,
        string network,
        List<string> lower,
        List<(RunMount Mount, string Target, SelectedSource? Source, bool FromContext)> mounts,
        string upper,
        CancellationToken cancellationToken)
    {
        var directory = session.NewDirectory("run");
        _ = new LayerWriter(upper, lower);
        var binds = new List<ContainerMount>();
        if (script is not null)
        {
            var file = Path.Combine(directory, "script");
            await File.WriteAllTextAsync(file, script, cancellationToken).ConfigureAwait(false);
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
            binds.Add(new ContainerMount { Source = file, Destination = ScriptPath, ReadOnly = true });
        }

        using var caches = new CacheMounts(session.Layers);
        using var secrets = new SecretMounts(session.Work, session.Request.Secrets);
        binds.AddRange(mounts.Where(mount => mount.Mount.Type == "secret" && secrets.Has(mount.Mount)).Select(mount => secrets.Add(mount.Mount, mount.Target)).OfType<ContainerMount>());
        foreach (var (mount, target, source, fromContext) in mounts.Where(mount => mount.Mount.Type is "bind" or "cache"))
        {
            var host = source is null
                ? await caches.AcquireAsync(mount, target, cancellationToken).ConfigureAwait(false)
                : Snapshot(source, mount.ReadOnly, fromContext);
            binds.Add(new ContainerMount { Source = host, Destination = target, ReadOnly = mount.ReadOnly });
        }

        var item = $"{plan.Stage.DisplayName}:{instruction.Line}";
        var tail = new Queue<string>();
        var stubs = MountStubs.Plan(LayeredTree.OfLayers(lower), [.. RunStepMounts.SystemPaths, .. binds.Select(bind => bind.Destination), .. mounts.Select(mount => mount.Target).Where(target => target.Length > 0)]);
        var result = await session.Runs.RunAsync(
            new RunStep
            {
                WorkId = session.Work.Id,
                Directory = directory,
                LayersTopFirst = lower,
                Upper = upper,
                Command = command,
                Config = _state.Config,
                Arguments = secrets.Variables.Count == 0 ? arguments : new Dictionary<string, string>(arguments.Where(argument => !secrets.Variables.ContainsKey(argument.Key)).Concat(secrets.Variables)),
                Mounts = binds,
                Tmpfs = mounts.Where(mount => mount.Mount.Type == "tmpfs").ToDictionary(mount => mount.Target, mount => mount.Mount.Size is null ? "" : $"size={mount.Mount.Size}"),
                Network = network,
                Log = line =>
                {
                    lock (tail)
                    {
                        tail.Enqueue(line);
                        if (tail.Count > LastLines)
                        {
                            tail.Dequeue();
                        }
                    }

                    session.Log(item, line);
                },
            },
            cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.ExitCode != 0 || result.Error is not null)
        {
            throw Failed(instruction, result, tail);
        }

        stubs.Remove(upper);
    }

    private ContainerToolsException Failed(RunInstruction instruction, RunStepResult result, Queue<string> tail)
    {
        var reason = result.Error ?? (result.OomKilled ? $"exit code {result.ExitCode}, out of memory" : $"exit code {result.ExitCode}");
        string[] lines;
        lock (tail)
        {
            lines = [.. tail];
        }

        var log = lines.Length == 0 ? "" : $"\n{string.Join('\n', lines)}";
        return session.Error(
            ErrorKind.Conflict,
            "BuildStepFailed",
            instruction,
            $"{BuildSession.Summary(instruction)} failed: {reason}{log}",
            $"Correct the command on line {instruction.Line}; the steps before it stay cached.");
    }

    /// <summary>The words to execute, and the text of the script when the whole command is one here-document with an interpreter line.</summary>
    private (IReadOnlyList<string> Command, string? Script) CommandOf(RunInstruction instruction)
    {
        if (instruction.HereDocuments.Count == 0 || instruction.Command.ShellText is not { } text)
        {
            return (instruction.Command.Resolve(_state.Shell), null);
        }

        if (instruction.HereDocuments is [var only] && text == only.Mark)
        {
            return only.Content.StartsWith("#!", StringComparison.Ordinal) ? ([ScriptPath], only.Content) : ([.. _state.Shell, only.Content], null);
        }

        var shellText = new StringBuilder(text).Append('\n');
        foreach (var document in instruction.HereDocuments)
        {
            shellText.Append(document.Content).Append(document.Name).Append('\n');
        }

        return ([.. _state.Shell, shellText.ToString()], null);
    }

    /// <summary>ARG values that ENV does not cover, with the proxies that need no ARG.</summary>
    private Dictionary<string, string> ArgumentsOfRun()
    {
        var environment = (_state.Config.Environment ?? []).Select(item => item.Split('=', 2)[0]).ToHashSet();
        var proxies = session.Request.BuildArguments.Where(pair => BuildPlatform.IsProxy(pair.Key) && !_state.Arguments.ContainsKey(pair.Key));
        return _state.Arguments
            .Where(pair => pair.Value is not null)
            .Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value!))
            .Concat(proxies)
            .Where(pair => !environment.Contains(pair.Key))
            .ToDictionary();
    }

    private async Task<SelectedSource> MountSourceAsync(RunInstruction instruction, RunMount mount, CancellationToken cancellationToken)
    {
        var tree = mount.From is not null ? await TreeOfAsync(mount.From, instruction, cancellationToken).ConfigureAwait(false)
            : session.Context ?? throw session.Error(ErrorKind.NotFound, "BuildSourceNotFound", instruction, "RUN --mount=type=bind: the build has no context.", "Build with a context directory.");
        var source = Expand(mount.Source ?? "/");
        var found = SourceSelection.IsOutside(source) ? null : new SourceSelection(tree, mount.From is null ? session.Ignore : IgnoreFile.Empty).Select(source, [], parents: false);
        return found is [var single]
            ? single
            : throw session.Error(ErrorKind.NotFound, "BuildSourceNotFound", instruction, $"RUN --mount source '{source}' not found.", "Correct source= of the mount.");
    }

    /// <summary>A host path that shows exactly the source: the one layer that has it, or a copy that may be written to and thrown away.</summary>
    private string Snapshot(SelectedSource source, bool readOnly, bool fromContext)
    {
        if (readOnly && !fromContext && (!source.Node.IsDirectory || source.Node.Directories.Count == 1))
        {
            return source.Node.HostPath;
        }

        var root = session.NewDirectory("mount");
        var writer = new LayerWriter(root, []);
        Write(writer, source, "/source", intoDirectory: false, null, null, keepOwner: !fromContext, CancellationToken.None);
        return root + "/source";
    }

    /// <summary>Resolves dots without looking at any file.</summary>
    private static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }
}
