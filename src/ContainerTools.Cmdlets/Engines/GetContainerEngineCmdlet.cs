using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerEngine: what this engine is, where it stores, and how much it holds.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerEngine")]
[OutputType(typeof(EngineInfo))]
public sealed class GetContainerEngineCmdlet : ContainerToolsCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Attempt(Engine.GetInfo, null, out var info))
        {
            WriteObject(info);
        }
    }
}
