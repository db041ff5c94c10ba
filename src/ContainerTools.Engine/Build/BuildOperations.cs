using System.Diagnostics;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Build;

/// <summary>The build part of the engine.</summary>
internal sealed class BuildOperations(ImageStore images, ImageProvision provision, Func<ImageRecord, Image> toImage, IRunStepExecutor runs) : IBuildOperations
{
    private static readonly string[] DefaultNames = ["Dockerfile", "Containerfile"];

    public async Task<BuildResult> BuildAsync(BuildRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        cancellationToken.ThrowIfCancellationRequested();
        Check(request);
        var tags = request.Tags.Select(Tag).ToList();
        var (name, path, text) = Read(request);
        var graph = BuildGraph.Create(DockerfileParser.Parse(name, text), request.Target, request.BuildArguments, BuildPlatform.Host);
        foreach (var warning in graph.Warnings)
        {
            progress?.Report(new EngineProgress { Activity = "Build", Item = name, LogLine = $"warning: {warning}" });
        }

        using var work = WorkDirectory.Create(images.Layers, "build");
        var cache = new BuildCache(images.Layers, work, enabled: !request.NoCache);
        using var throttle = new SemaphoreSlim(request.ThrottleLimit > 0 ? request.ThrottleLimit : Environment.ProcessorCount);
        var session = new BuildSession(request, graph, progress)
        {
            Images = images,
            Provision = provision,
            Work = work,
            Cache = cache,
            Digests = new FileDigests(images.Layers.Catalog),
            Runs = runs,
            Ignore = request.ContextPath is null ? IgnoreFile.Empty : IgnoreFile.Load(request.IgnoreFilePath, path, request.ContextPath),
            Throttle = throttle,
        };
        using var runner = new StageRunner(session, cancellationToken);
        try
        {
            var state = await runner.RunAsync(graph.Target).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var record = images.Add(new ImageAddition { Config = ImageAssembly.Assemble(state, request), Tags = tags });
            session.Cache.Touch();
            session.Digests.Save();
            var steps = session.Steps.OrderBy(step => step.Line).ToList();
            return new BuildResult { Image = toImage(record), Steps = steps, Duration = clock.Elapsed, CacheHits = steps.Count(step => step.Cached) };
        }
        catch (OciFormatException error)
        {
            throw new ContainerToolsException(ErrorKind.InvalidArgument, error.Code, $"{name}: {error.Message}", name, null, error);
        }
        finally
        {
            // The leases first: what only they kept is garbage now.
            work.Dispose();
            CollectGarbage(cache);
        }
    }

    public IReadOnlyList<string> GetStageNames(string dockerfilePath)
    {
        try
        {
            // The lexer alone: a file under the user's hands need not parse to the end.
            return
            [
                .. new DockerfileLexer(dockerfilePath, File.ReadAllText(dockerfilePath), []).Read()
                    .Where(line => line.Keyword == "FROM")
                    .Select(line => line.Arguments.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words.Length >= 3 && words[^2].Equals("AS", StringComparison.OrdinalIgnoreCase))
                    .Select(words => words[^1].ToLowerInvariant())
                    .Distinct(),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ContainerToolsException or ArgumentException)
        {
            return [];
        }
    }

    private static void CollectGarbage(BuildCache cache)
    {
        try
        {
            cache.CollectGarbage();
        }
        catch (ContainerToolsException)
        {
            // It would hide how the build ended; what is left is listed by a repair.
        }
    }

    private void Check(BuildRequest request)
    {
        runs.CheckNetwork(request.Network);
        if (request.ContextPath is not null && !Directory.Exists(request.ContextPath))
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "BuildContextNotFound", $"The build context '{request.ContextPath}' is not a directory.", request.ContextPath, "Give the directory that holds the files to build from.");
        }
    }

    private static (string Name, string? Path, string Text) Read(BuildRequest request)
    {
        if (request.DockerfileText is { } text)
        {
            return ("Dockerfile", null, text);
        }

        var candidates = request.DockerfilePath is { } given ? [given]
            : request.ContextPath is { } context ? DefaultNames.Select(name => Path.Combine(context, name)).ToArray()
            : [];
        foreach (var path in candidates.Where(File.Exists))
        {
            try
            {
                return (Path.GetFileName(path), path, File.ReadAllText(path));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ContainerToolsException(ErrorKind.PermissionDenied, "DockerfileUnreadable", $"'{path}' cannot be read: {error.Message}", path, "Check its permissions.", error);
            }
        }

        throw new ContainerToolsException(
            ErrorKind.NotFound,
            "DockerfileNotFound",
            candidates.Length == 0 ? "There is neither a Dockerfile nor a build context." : $"There is no Dockerfile: {string.Join(" and ", candidates.Select(path => $"'{path}'"))} not found.",
            request.DockerfilePath ?? request.ContextPath,
            "Name the Dockerfile, or give its text.");
    }

    private static ImageReference Tag(string text)
    {
        if (!ImageReference.TryParse(text, out var reference) || reference.Digest is not null)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidImageReference", $"'{text}' is not a tag: expected [registry/]repository[:tag] in lower case.", text, "Write for example shop/web:1.2.");
        }

        return reference.WithDefaultTag();
    }
}
