using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Repair-ContainerEngine: removes what crashed processes left behind.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerEngine", SupportsShouldProcess = true)]
[OutputType(typeof(RepairAction))]
public sealed class RepairContainerEngineCmdlet : RepairCmdlet<RepairAction>
{
    private protected override (string Verb, string One, string Many) Words => ("Remove", "left-over", "left-overs");

    private protected override string Describe(RepairAction item) => $"{item.Kind} {item.Target}: {item.Reason}";

    private protected override IReadOnlyList<RepairAction> Repair(bool apply) => Engine.Repair(apply);
}
