namespace ContainerTools.Cmdlets.Tests;

public sealed class ArchiveStreamTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public ArchiveStreamTests() => _session.Images.Add("base:latest");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void An_archive_goes_through_the_pipeline_as_bytes()
    {
        var outcome = _session.Run("Export-Image base -AsByteStream -Format OciArchive -Platform linux/arm64 | Import-Image -Platform linux/arm64");

        Assert.Empty(outcome.Errors);
        Assert.Equal("archive"u8.ToArray(), _session.Images.LastContent);
        Assert.Equal(["linux/arm64"], _session.Images.LastExport!.Platforms);
        Assert.Equal(["linux/arm64"], _session.Images.LastImport!.Platforms);
    }

    [Theory]
    [InlineData("Export-Image base")]
    [InlineData("Export-Image base x.tar -AsByteStream")]
    public void An_export_goes_to_one_place(string script) =>
        Assert.StartsWith("ExportTargetAmbiguous", _session.Run(script).ErrorId, StringComparison.Ordinal);
}
