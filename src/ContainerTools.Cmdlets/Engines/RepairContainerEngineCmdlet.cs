using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Repair-ContainerEngine: removes what crashed processes left behind.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerEngine", SupportsShouldProcess = true)]
[OutputType(typeof(RepairAction))]
public sealed class RepairContainerEngineCmdlet : ContainerToolsCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Attempt(() => Engine.Repair(apply: false), null, out var found) || found.Count == 0)
        {
            return;
        }

        var list = string.Join(Environment.NewLine, found.Select(leftover => $"{leftover.Kind} {leftover.Target}: {leftover.Reason}"));
        var what = found.Count == 1 ? "1 left-over" : $"{found.Count} left-overs";
        if (ShouldProcess($"Removing {what}:{Environment.NewLine}{list}", $"Remove {what}?{Environment.NewLine}{list}", "Repair-ContainerEngine", out var reason))
        {
            if (Attempt(() => Engine.Repair(apply: true), null, out var repaired))
            {
                WriteObject(repaired, enumerateCollection: true);
            }
        }
        else if (reason == ShouldProcessReason.WhatIf)
        {
            WriteObject(found, enumerateCollection: true);
        }
    }
}
