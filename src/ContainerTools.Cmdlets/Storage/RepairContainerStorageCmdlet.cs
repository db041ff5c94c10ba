using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Repair-ContainerStorage: mends what in the store is not as its catalogue says.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(StorageIssue))]
public sealed class RepairContainerStorageCmdlet : RepairCmdlet<StorageIssue>
{
    /// <summary>Read every layer and every blob whole, and compare with the digests.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    /// <summary>Remove what is beyond help, such as an image whose layer is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override (string Verb, string One, string Many) Words => ("Mend", "fault", "faults");

    private protected override string Describe(StorageIssue item) => $"{item.Kind} {item.Target}: {item.Reason}";

    private protected override IReadOnlyList<StorageIssue> Repair(bool apply)
    {
        var request = new StorageCheckRequest { Deep = Deep, Repair = apply, Force = Force };
        return AwaitWithProgress((progress, token) => Engine.Storage.CheckAsync(request, progress, token), null, out var issues) ? issues : [];
    }
}
