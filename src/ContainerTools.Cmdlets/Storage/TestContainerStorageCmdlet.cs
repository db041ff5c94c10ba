using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Test-ContainerStorage: whether the store is as its catalogue says.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerStorage")]
[OutputType(typeof(bool), typeof(StorageIssue))]
public sealed class TestContainerStorageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Emit everything that is not as it should be.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Read every layer and every blob whole, and compare with the digests.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new StorageCheckRequest { Deep = Deep };
        if (!AwaitWithProgress((progress, token) => Engine.Storage.CheckAsync(request, progress, token), null, out var issues))
        {
            return;
        }

        if (Detailed)
        {
            WriteObject(issues, enumerateCollection: true);
            return;
        }

        foreach (var issue in issues.Where(issue => issue.Severity == StorageSeverity.Damage))
        {
            WriteWarning($"{issue.Kind} {issue.Target}: {issue.Reason}. {issue.RecommendedAction}".TrimEnd());
        }

        WriteObject(issues.Count == 0);
    }
}
