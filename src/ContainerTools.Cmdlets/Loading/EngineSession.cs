using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ContainerTools.Cmdlets;

/// <summary>The engines of this process: one for each store, shared by all runspaces.</summary>
internal static class EngineSession
{
    private const string EngineAssembly = "ContainerTools.Engine.dll";
    private const string FactoryType = "ContainerTools.Engine.ContainerEngineFactory";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<EngineOptions, IContainerEngine> Engines = [];
    private static readonly ConditionalWeakTable<Runspace, IContainerEngine> Substitutes = [];
    private static IContainerEngineFactory? _factory;

    /// <summary>The engine of the store that the environment names now.</summary>
    public static IContainerEngine Current
    {
        get
        {
            if (Runspace.DefaultRunspace is { } runspace && Substitutes.TryGetValue(runspace, out var substitute))
            {
                return substitute;
            }

            var options = EngineOptions.FromEnvironment();
            lock (Gate)
            {
                if (!Engines.TryGetValue(options, out var engine))
                {
                    engine = (_factory ??= LoadFactory(ModuleDirectory)).Open(options);
                    Engines.Add(options, engine);
                }

                return engine;
            }
        }
    }

    private static string ModuleDirectory => Path.GetDirectoryName(typeof(EngineSession).Assembly.Location)!;

    /// <summary>Gives one runspace an engine of its own.</summary>
    internal static void Substitute(Runspace runspace, IContainerEngine engine) => Substitutes.AddOrUpdate(runspace, engine);

    internal static IContainerEngineFactory LoadFactory(string moduleDirectory)
    {
        var path = Path.Combine(moduleDirectory, "engine", EngineAssembly);
        if (!File.Exists(path))
        {
            throw new ContainerToolsException(
                ErrorKind.Unavailable, "EngineMissing", $"The engine of this module is missing: {path} does not exist.", path,
                "Install the ContainerTools module again; its folder is incomplete.");
        }

        try
        {
            var assembly = new EngineLoadContext(path).LoadFromAssemblyPath(path);
            return (IContainerEngineFactory)Activator.CreateInstance(assembly.GetType(FactoryType, throwOnError: true)!)!;
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or TypeLoadException or TargetInvocationException or InvalidCastException)
        {
            throw new ContainerToolsException(
                ErrorKind.Unavailable, "EngineUnloadable", $"The engine of this module cannot be loaded from {path}: {e.Message}", path,
                "Install the ContainerTools module again; its parts do not fit together.", e);
        }
    }
}
