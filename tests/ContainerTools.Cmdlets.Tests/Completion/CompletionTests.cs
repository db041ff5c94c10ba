namespace ContainerTools.Cmdlets.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public CompletionTests()
    {
        _session.Containers.Add("web");
        _session.Images.Add("shop/web:1");
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Stop-Container w", "web")]
    [InlineData("Start-Container -Image sh", "shop/web:1")]
    [InlineData("Send-ContainerSignal web -Signal SIGH", "SIGHUP")]
    [InlineData("Invoke-Container x -CapabilityAdd NET_A", "NET_ADMIN")]
    [InlineData("Get-Container -State Ru", "Running")]
    [InlineData("Get-Image -Architecture ri", "riscv64")]
    public void Values_complete(string typed, string completion) => Assert.Contains(completion, _session.Complete(typed));

    [Fact]
    public void Stages_of_the_dockerfile_complete()
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(directory, "Dockerfile"), "FROM base AS compile\nFROM base AS final\n");

        var stages = _session.Complete($"Build-Image {directory} -Target co");

        Directory.Delete(directory, recursive: true);
        Assert.Equal(["compile"], stages);
    }
}
