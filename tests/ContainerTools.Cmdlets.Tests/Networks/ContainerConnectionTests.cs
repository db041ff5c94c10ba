namespace ContainerTools.Cmdlets.Tests;

public sealed class ContainerConnectionTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public ContainerConnectionTests()
    {
        _session.Containers.Add("web");
        _session.Containers.Add("db");
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Test-ContainerConnection web db -Port 5432", 5432, PortProtocol.Tcp, null)]
    [InlineData("Get-Container web | Test-ContainerConnection -Target db -Port 53 -Protocol Udp -Timeout 1s", 53, PortProtocol.Udp, 1)]
    [InlineData("Test-ContainerConnection web db", null, PortProtocol.Tcp, null)]
    public void What_is_reached_is_true(string script, int? port, PortProtocol protocol, int? seconds)
    {
        var outcome = _session.Run(script);

        Assert.Equal(true, Assert.Single(outcome.Values));
        Assert.Empty(outcome.Warnings);
        var asked = _session.Networks.LastTest!;
        Assert.Equal(("web", "db", port, protocol), (asked.Container, asked.Target, asked.Port, asked.Protocol));
        Assert.Equal(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value), asked.Timeout);
    }

    [Fact]
    public void What_is_not_reached_is_false_with_the_reason_as_a_warning()
    {
        _session.Networks.Unreachable = "Nobody listens on 5432/tcp of db.";

        var outcome = _session.Run("Test-ContainerConnection web db -Port 5432");

        Assert.Equal(false, Assert.Single(outcome.Values));
        Assert.Equal("'web' does not reach 'db': Nobody listens on 5432/tcp of db.", Assert.Single(outcome.Warnings).Message);
    }

    [Fact]
    public void Detailed_is_the_whole_way()
    {
        _session.Networks.Unreachable = "No such name.";

        var outcome = _session.Run("Test-ContainerConnection web db, ghost -Detailed");

        Assert.Equal(["db", "ghost"], outcome.Values.Cast<ConnectionTestResult>().Select(result => result.Target));
        Assert.Empty(outcome.Warnings);
    }

    [Theory]
    [InlineData("Test-ContainerConnection ghost db", "ContainerNotFound,ContainerTools.Cmdlets.TestContainerConnectionCmdlet")]
    [InlineData("Test-ContainerConnection web db -Port 0", "ParameterArgumentValidationError,ContainerTools.Cmdlets.TestContainerConnectionCmdlet")]
    [InlineData("Test-ContainerConnection web db -Protocol Sctp", "ParameterArgumentValidationError,ContainerTools.Cmdlets.TestContainerConnectionCmdlet")]
    public void A_question_that_cannot_be_asked_is_an_error(string script, string errorId) => Assert.Equal(errorId, _session.Run(script).ErrorId);
}
