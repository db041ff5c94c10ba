using System.Reflection;
using System.Runtime.Loader;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Where the engine and its third-party assemblies live, so that no other module's versions of them can clash with ours. Types that
/// scripts see come from the context the cmdlets live in.
/// </summary>
internal sealed class EngineLoadContext(string enginePath) : AssemblyLoadContext("ContainerTools")
{
    private readonly AssemblyDependencyResolver _resolver = new(enginePath);
    private readonly string _directory = Path.GetDirectoryName(enginePath)!;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var contract = typeof(IContainerEngine).Assembly;
        if (assemblyName.Name == contract.GetName().Name)
        {
            return contract;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var candidates = new[]
        {
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName),
            Path.Combine(_directory, $"{unmanagedDllName}.so"),
            Path.Combine(_directory, $"lib{unmanagedDllName}.so"),
        };
        var found = candidates.FirstOrDefault(path => path is not null && File.Exists(path));
        return found is null ? nint.Zero : LoadUnmanagedDllFromPath(found);
    }
}
