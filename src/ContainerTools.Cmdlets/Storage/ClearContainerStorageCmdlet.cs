using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Clear-ContainerStorage: takes away what is not needed.</summary>
[Cmdlet(VerbsCommon.Clear, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(ReclaimResult))]
public sealed class ClearContainerStorageCmdlet : ContainerToolsCmdlet
{
    /// <summary>Kinds to clear, in place of all but volumes and logs.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public StorageKind[] Scope { get; set; } = [.. ReclaimRequest.DefaultScope];

    /// <summary>Every image that no container was made of, and all of the build cache.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Only what was not of use for so long.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Bytes of the build cache to keep.</summary>
    [Parameter]
    [SizeTransformation]
    public long? KeepBytes { get; set; }

    /// <summary>Labels that containers, images and networks must have to go.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Do not ask before everything goes.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new ReclaimRequest { Scope = Scope, All = All, OlderThan = OlderThan, KeepBytes = KeepBytes, Labels = Values.Filter(Label) };
        if (!Attempt(() => Engine.Storage.PlanClear(request), null, out var plan) || plan.Count == 0)
        {
            return;
        }

        var list = string.Join(Environment.NewLine, plan.Select(victim => $"{victim.Kind} {victim.Name}: {victim.Reason}, {victim.Size} bytes"));
        var what = $"Clear {plan.Sum(victim => victim.Size)} bytes in {plan.Count} {(plan.Count == 1 ? "thing" : "things")}";
        if (!ShouldProcess($"{what}:{Environment.NewLine}{list}", $"{what}?{Environment.NewLine}{list}", MyInvocation.MyCommand.Name, out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                WriteObject(plan, enumerateCollection: true);
            }
        }
        else if (IsMeant($"{what}?{Environment.NewLine}{list}") && AwaitWithProgress((progress, token) => Engine.Storage.ClearAsync(request, progress, token), null, out var results))
        {
            foreach (var stuck in results.Where(result => !result.Removed))
            {
                WriteWarning($"{stuck.Kind} {stuck.Name} stays: {stuck.Reason}");
            }

            WriteObject(results, enumerateCollection: true);
        }
    }

    // The attribute cannot say that only -All has a high impact. Whoever was asked already (-Confirm), or has said no to that, is not asked again.
    private bool IsMeant(string query) => !All || Force || MyInvocation.BoundParameters.ContainsKey("Confirm") || ShouldContinue(query, MyInvocation.MyCommand.Name);
}
