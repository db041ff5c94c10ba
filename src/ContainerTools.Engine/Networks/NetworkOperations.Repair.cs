namespace ContainerTools.Engine.Networks;

/// <content>Mending what somebody else has broken, and what is not there yet.</content>
internal sealed partial class NetworkOperations
{
    public IReadOnlyList<RepairAction> Repair(bool apply) => networks.Repair(apply);
}
