using System.Management.Automation;

namespace ContainerTools.Cmdlets.Tests;

/// <summary>What a script wrote to each stream.</summary>
internal sealed record CommandOutcome(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<InformationRecord> Information,
    IReadOnlyList<ProgressRecord> Progress,
    IReadOnlyList<WarningRecord> Warnings)
{
    public IReadOnlyList<object> Values => [.. Output.Select(item => item.BaseObject)];

    public IReadOnlyList<string> Names => [.. Output.Select(item => (string)item.Properties["Name"].Value)];

    public string ErrorId => Assert.Single(Errors).FullyQualifiedErrorId;
}
