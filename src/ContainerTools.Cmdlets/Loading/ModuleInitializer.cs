using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Refuses to import the module where it cannot work.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("ContainerTools runs containers on the Linux kernel, so it can be imported on Linux only.");
        }
    }
}
