namespace ContainerTools.Cmdlets.Tests;

public sealed class StorageCmdletTests : IDisposable
{
    private static readonly ReclaimResult Web = new() { Kind = StorageKind.Container, Name = "web", Id = "1", Size = 1000, Reason = "it does not run" };

    private readonly CmdletSession _session = new();

    private FakeStorage Storage => _session.Engine.StorageBooks;

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Storage_is_shown_by_kind_or_thing_by_thing()
    {
        Assert.Equal(3 << 20, Assert.IsType<StorageUsage>(Assert.Single(_session.Run("Get-ContainerStorage").Values)).Size);
        Assert.Equal("web", Assert.IsType<StorageItem>(Assert.Single(_session.Run("Get-ContainerStorage -Detailed").Values)).Name);
    }

    [Fact]
    public void Parameters_become_the_request()
    {
        _session.Run("Clear-ContainerStorage");
        Assert.Equal(ReclaimRequest.DefaultScope, Storage.Planned!.Scope);
        Assert.False(Storage.Planned.All);

        _session.Run("Clear-ContainerStorage Image, Log -All -OlderThan '7d' -KeepBytes 10gb -Label @{ a = 'b' }, c -Force");
        var request = Storage.Planned;
        Assert.Equal([StorageKind.Image, StorageKind.Log], request.Scope);
        Assert.Equal((true, TimeSpan.FromDays(7), 10L << 30), (request.All, request.OlderThan, request.KeepBytes));
        Assert.Equal([("a", "b"), ("c", null)], request.Labels.Select(label => (label.Key, label.Value)));
        Assert.Null(Storage.Cleared); // There was nothing to clear.
    }

    [Fact]
    public void WhatIf_lists_the_victims_and_keeps_them()
    {
        Storage.Victims = [Web];
        Assert.Equal(Web, Assert.Single(_session.Run("Clear-ContainerStorage -All -WhatIf").Values));
        Assert.Null(Storage.Cleared);
    }

    [Fact]
    public void What_went_is_emitted_and_what_stays_is_a_warning()
    {
        Storage.Victims = [Web, Web with { Name = "stuck" }];
        var outcome = _session.Run("Clear-ContainerStorage");
        Assert.Equal([true, false], outcome.Values.Cast<ReclaimResult>().Select(result => result.Removed));
        Assert.Contains("stuck", Assert.Single(outcome.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seven_days_without_quotes_are_not_seven_seconds()
    {
        // PowerShell reads 7d as the decimal number 7.
        Assert.Contains("'7d'", Assert.ThrowsAny<Exception>(() => _session.Run("$ErrorActionPreference = 'Stop'; Clear-ContainerStorage -OlderThan 7d")).Message, StringComparison.Ordinal);
        Assert.Null(Storage.Planned);
    }

    [Theory]
    [InlineData("-Force")]
    [InlineData("-Confirm:$false")]
    public void Everything_goes_unasked_only_when_told(string answer)
    {
        Storage.Victims = [Web];
        Assert.Single(_session.Run("Clear-ContainerStorage -All").Errors); // Nobody is there to ask.
        Assert.Null(Storage.Cleared);
        _session.Run($"Clear-ContainerStorage -All {answer}");
        Assert.True(Storage.Cleared!.All);
    }

    [Fact]
    public void A_damaged_store_is_false_with_its_damage_as_warnings()
    {
        Assert.Equal(true, Assert.Single(_session.Run("Test-ContainerStorage").Values));

        Storage.Issues = [Issue(StorageSeverity.Damage, "sha256:1"), Issue(StorageSeverity.Waste, "/store/import-1")];
        var outcome = _session.Run("Test-ContainerStorage -Deep");
        Assert.Equal(false, Assert.Single(outcome.Values));
        Assert.Contains("sha256:1", Assert.Single(outcome.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(new StorageCheckRequest { Deep = true }, Storage.Checked);
        Assert.Equal(2, _session.Run("Test-ContainerStorage -Detailed").Values.Count);
    }

    [Fact]
    public void Faults_are_listed_under_WhatIf_and_mended_without()
    {
        Storage.Issues = [Issue(StorageSeverity.Damage, "sha256:1")];
        Assert.False(Assert.IsType<StorageIssue>(Assert.Single(_session.Run("Repair-ContainerStorage -Force -WhatIf").Values)).Repaired);
        Assert.Equal(new StorageCheckRequest { Force = true }, Storage.Checked);
        Assert.True(Assert.IsType<StorageIssue>(Assert.Single(_session.Run("Repair-ContainerStorage -Deep").Values)).Repaired);
        Assert.Equal(new StorageCheckRequest { Deep = true, Repair = true }, Storage.Checked);
    }

    private static StorageIssue Issue(StorageSeverity severity, string target) => new() { Severity = severity, Kind = "Layer", Target = target, Reason = "it is not there" };
}
