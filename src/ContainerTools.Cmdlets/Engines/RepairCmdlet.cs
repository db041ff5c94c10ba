using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that mend: what was found is shown before anything is done, and emitted.</summary>
/// <typeparam name="T">What tells of one fault.</typeparam>
public abstract class RepairCmdlet<T> : ContainerToolsCmdlet
    where T : class
{
    /// <summary>What is done, one thing and several things: <c>Remove</c>, <c>left-over</c>, <c>left-overs</c>.</summary>
    private protected abstract (string Verb, string One, string Many) Words { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Attempt(() => Repair(apply: false), null, out var found) || found.Count == 0)
        {
            return;
        }

        var list = string.Join(Environment.NewLine, found.Select(Describe));
        var what = $"{Words.Verb} {found.Count} {(found.Count == 1 ? Words.One : Words.Many)}";
        if (ShouldProcess($"{what}:{Environment.NewLine}{list}", $"{what}?{Environment.NewLine}{list}", MyInvocation.MyCommand.Name, out var reason))
        {
            if (Attempt(() => Repair(apply: true), null, out var repaired))
            {
                WriteObject(repaired, enumerateCollection: true);
            }
        }
        else if (reason == ShouldProcessReason.WhatIf)
        {
            WriteObject(found, enumerateCollection: true);
        }
    }

    /// <summary>A fault in one line.</summary>
    private protected abstract string Describe(T item);

    /// <summary>What is wrong; mended when <paramref name="apply"/> is set.</summary>
    private protected abstract IReadOnlyList<T> Repair(bool apply);
}
