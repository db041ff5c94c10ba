using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Refuses configurations that cannot be carried out faithfully.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Throws <see cref="FormatException"/> for what is wrong and <see cref="NotSupportedException"/> for what is not supported.</summary>
    public static void Require(RuntimeConfig config)
    {
        if (!config.OciVersion.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"ociVersion is '{config.OciVersion}'; versions 1.x are supported.");
        }

        if (config.Root is not { Path.Length: > 0 })
        {
            throw new FormatException("root.path is missing.");
        }

        if (config.Linux is not { } linux)
        {
            throw new FormatException("The section linux is missing.");
        }

        if (config.Hooks is { } hooks && new[] { hooks.Prestart, hooks.CreateRuntime, hooks.CreateContainer, hooks.StartContainer, hooks.Poststart, hooks.Poststop }.Any(list => list.Count > 0))
        {
            throw new NotSupportedException("hooks are not supported. Remove them from the configuration.");
        }

        if (linux.Namespaces.Any(space => space.Type == "user" && space.Path is not { Length: > 0 }) && (linux.UidMappings.Count == 0 || linux.GidMappings.Count == 0))
        {
            throw new FormatException("linux.namespaces makes a user namespace, but linux.uidMappings or linux.gidMappings is empty.");
        }

        RefuseLabel(linux.MountLabel, "linux.mountLabel");
        if (linux.Personality is { Domain: not "LINUX" })
        {
            throw new NotSupportedException("linux.personality other than LINUX is not supported.");
        }

        RequireProcess(config.Process ?? throw new FormatException("The section process is missing."));
    }

    /// <summary>Whether a configuration asks for the runtime's init.</summary>
    /// <exception cref="FormatException">The annotation is neither true nor false.</exception>
    public static bool WantsInit(RuntimeConfig config) => !config.Annotations.TryGetValue(RuntimeConfig.InitAnnotation, out string? value) ? false : value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException($"The annotation {RuntimeConfig.InitAnnotation} is '{value}'; it must be true or false."),
    };

    /// <summary>Checks a process section, of a configuration or of <c>exec --process</c>.</summary>
    public static void RequireProcess(ProcessSection process)
    {
        if (process.Args.Count == 0 || process.Args[0].Length == 0)
        {
            throw new FormatException("process.args is empty; there is nothing to execute.");
        }

        RefuseLabel(process.ApparmorProfile, "process.apparmorProfile");
        RefuseLabel(process.SelinuxLabel, "process.selinuxLabel");
        if (process.Terminal)
        {
            throw new NotSupportedException("process.terminal is not supported. Set it to false.");
        }
    }

    private static void RefuseLabel(string? label, string member)
    {
        if (label is { Length: > 0 })
        {
            throw new NotSupportedException($"{member} is not supported. Leave it out.");
        }
    }
}
