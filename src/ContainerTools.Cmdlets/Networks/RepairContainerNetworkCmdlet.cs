using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Repair-ContainerNetwork: puts bridges, links, rules and settings of networks in use back, as after a flush of the firewall.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(RepairAction))]
public sealed class RepairContainerNetworkCmdlet : RepairCmdlet<RepairAction>
{
    private protected override (string Verb, string One, string Many) Words => ("Mend", "fault", "faults");

    private protected override string Describe(RepairAction item) => $"{item.Kind} {item.Target}: {item.Reason}";

    private protected override IReadOnlyList<RepairAction> Repair(bool apply) => Engine.Networks.Repair(apply);
}
