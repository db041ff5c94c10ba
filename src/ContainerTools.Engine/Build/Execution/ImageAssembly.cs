using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>The image configuration of a finished stage, in exact OCI form.</summary>
internal static class ImageAssembly
{
    public static ImageConfigFile Assemble(StageState state, BuildRequest request)
    {
        var config = state.Config;
        if (request.Labels.Count > 0)
        {
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in (config.Labels ?? new Dictionary<string, string>()).Concat(request.Labels))
            {
                labels[name] = value;
            }

            config = config with { Labels = labels };
        }

        return new ImageConfigFile
        {
            Created = state.History.Count > 0 ? state.History[^1].Created : request.SourceDate ?? DateTimeOffset.UnixEpoch,
            Author = state.Author,
            Architecture = state.Architecture,
            Variant = state.Variant,
            OperatingSystem = "linux",
            Config = config,
            RootFilesystem = new ImageRootFilesystem { DiffIds = [.. state.Layers] },
            History = [.. state.History],
        };
    }
}
