namespace ContainerTools.Engine.Containers;

/// <summary>Merges spec and image into what runs (Docker's rules for ENTRYPOINT and CMD, and for the environment).</summary>
internal static class ContainerCommandLine
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Entrypoint and command. Throws <c>NoCommand</c>.</summary>
    public static IReadOnlyList<string> Words(ContainerSpec spec, ImageConfiguration image)
    {
        var entrypoint = spec.Entrypoint ?? image.Entrypoint;
        // A new entrypoint makes the image's command meaningless.
        var command = spec.Command ?? (spec.Entrypoint is null ? image.Command : []);
        return entrypoint.Count + command.Count > 0 ? [.. entrypoint, .. command] : throw new ContainerToolsException(
            ErrorKind.InvalidArgument,
            "NoCommand",
            $"There is nothing to run: image '{spec.Image}' has neither ENTRYPOINT nor CMD.",
            spec.Image,
            "Give -Command.");
    }

    /// <summary>Whole environment: defaults, then the image's, then the spec's.</summary>
    public static IReadOnlyList<string> Environment(ContainerSpec spec, ImageConfiguration image, string hostName, string home)
    {
        var names = new List<string>();
        var values = new Dictionary<string, string>();
        void Set(string assignment)
        {
            var name = assignment.Split('=', 2)[0];
            if (!values.ContainsKey(name))
            {
                names.Add(name);
            }

            values[name] = assignment;
        }

        Set(DefaultPath);
        Set($"HOSTNAME={hostName}");
        foreach (var assignment in image.Environment.Concat(spec.Environment.Select(pair => $"{pair.Key}={pair.Value}")))
        {
            Set(assignment);
        }

        if (!values.ContainsKey("HOME"))
        {
            Set($"HOME={home}");
        }

        return [.. names.Select(name => values[name])];
    }
}
