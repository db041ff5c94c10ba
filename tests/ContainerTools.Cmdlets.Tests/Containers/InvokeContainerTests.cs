using System.Management.Automation;
using System.Text;

namespace ContainerTools.Cmdlets.Tests;

public sealed class InvokeContainerTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Invoke-Container base true", "true")]
    [InlineData("Invoke-Container base -Command sh, -c, 'echo hi' -Remove", "sh|-c|echo hi")]
    [InlineData("Invoke-Container base -- ls -l", "ls|-l")]
    [InlineData("Invoke-Container base ls -l", "ls|-l")]
    [InlineData("Invoke-Container base sh -c 'echo hi; id'", "sh|-c|echo hi; id")]
    [InlineData("Invoke-Container base -Remove -Name x sh -c 'a b' -e d", "sh|-c|a b|-e|d")]
    [InlineData("Invoke-Container -Image base id -u", "id|-u")]
    [InlineData("Invoke-Container base ps -ef", "ps|-ef")]
    [InlineData("Invoke-Container base echo 1 2", "echo|1|2")]
    public void Words_after_the_image_are_the_command(string script, string words)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(words, string.Join('|', _session.Containers.LastSpec!.Command!));
    }
}
