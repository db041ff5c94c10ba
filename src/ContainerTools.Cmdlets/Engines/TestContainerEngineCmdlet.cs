using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Test-ContainerEngine: whether this host has all that the engine needs.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerEngine")]
[OutputType(typeof(bool), typeof(HostCheck))]
public sealed class TestContainerEngineCmdlet : ContainerToolsCmdlet
{
    /// <summary>Emit every check with the mend for what is missing.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Attempt(Engine.TestHost, null, out var checks))
        {
            return;
        }

        if (Detailed)
        {
            WriteObject(checks, enumerateCollection: true);
            return;
        }

        var missing = checks.Where(check => check.Required && !check.Passed).ToList();
        foreach (var check in missing)
        {
            WriteWarning($"{check.Name}: {check.Detail} {check.RecommendedAction}".TrimEnd());
        }

        WriteObject(missing.Count == 0);
    }
}
