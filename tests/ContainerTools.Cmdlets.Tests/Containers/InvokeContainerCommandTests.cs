namespace ContainerTools.Cmdlets.Tests;

public sealed class InvokeContainerCommandTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public InvokeContainerCommandTests()
    {
        _session.Containers.Add("web");
        _session.Containers.Add("db");
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Invoke-ContainerCommand web id -u", "id|-u")]
    [InlineData("Invoke-ContainerCommand web id -un", "id|-un")]
    [InlineData("Invoke-ContainerCommand web -- ls -l -L", "ls|-l|-L")]
    [InlineData("Invoke-ContainerCommand -Name web -Command sh, -c, 'a b'", "sh|-c|a b")]
    [InlineData("Invoke-ContainerCommand web sh -c 'a b' -User 5", "sh|-c|a b")]
    [InlineData("Invoke-ContainerCommand web -User 5 ps -p 1 -o pid", "ps|-p|1|-o|pid")]
    [InlineData("Get-Container web | Invoke-ContainerCommand -Command id", "id")]
    [InlineData("Exec-Container web id", "id")]
    public void Words_after_the_container_are_the_command(string script, string words)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(["exec web"], _session.Containers.Calls);
        Assert.Equal(words, string.Join('|', _session.Containers.LastExec!.Command));
    }

    [Fact]
    public void Options_reach_the_engine()
    {
        _session.Run("Invoke-ContainerCommand web x -User 5:6 -Environment @{ A = 1 } -WorkingDirectory /srv -Privileged");

        var exec = _session.Containers.LastExec!;
        Assert.Equal(("5:6", "1", "/srv", true), (exec.User, exec.Environment["A"], exec.WorkingDirectory, exec.Privileged));
    }

    [Fact]
    public void Several_containers_run_it_one_after_the_other()
    {
        var results = _session.Run("Invoke-ContainerCommand * x -PassThru").Values.Cast<ExecResult>();

        Assert.Equal(["web", "db"], results.Select(result => result.Container));
    }

    [Fact]
    public void Piped_objects_are_the_standard_input_of_one_container()
    {
        _session.Containers.Process = async (streams, token) =>
        {
            await streams.Stdin!.CopyToAsync(streams.Stdout!, token);
            return 4;
        };

        Assert.Equal(["a", "b", 4], _session.Run("'a', 'b' | Invoke-ContainerCommand web cat; $LASTEXITCODE").Values);
        Assert.Equal("InputForSeveralContainers,ContainerTools.Cmdlets.InvokeContainerCommandCmdlet", _session.Run("'a' | Invoke-ContainerCommand * cat").ErrorId);
    }

    [Fact]
    public void An_unknown_container_is_an_error_and_nothing_runs()
    {
        Assert.Equal("ContainerNotFound,ContainerTools.Cmdlets.InvokeContainerCommandCmdlet", _session.Run("Invoke-ContainerCommand ghost id").ErrorId);
        Assert.Empty(_session.Containers.Calls);
    }

    [Fact]
    public void WhatIf_runs_nothing()
    {
        _session.Run("Invoke-ContainerCommand web id -WhatIf");

        Assert.Empty(_session.Containers.Calls);
    }
}
