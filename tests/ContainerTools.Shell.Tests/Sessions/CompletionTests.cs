using ContainerTools.Shell.Console;
using ContainerTools.Shell.Hosting;
using ContainerTools.Shell.Sessions;

namespace ContainerTools.Shell.Tests.Sessions;

public class CompletionTests
{
    [Fact]
    public void Commands_and_parameters_are_completed_by_powershells_own_engine()
    {
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, false, false, false);
        using var session = ShellSession.Open(new ShellHost(terminal, nonInteractive: true), moduleFolder: null);
        Assert.Contains("Get-Command", InteractiveLoop.Complete(session, "Get-Com", 7).Candidates);
        var parameter = InteractiveLoop.Complete(session, "Get-Command -Mod", 16);
        Assert.Equal((12, 4), (parameter.Start, parameter.Length));
        Assert.Contains("-Module", parameter.Candidates);
    }

    [Theory]
    [InlineData("if ($true) {", true)]
    [InlineData("'open", true)]
    [InlineData("Get-Image |", true)]
    [InlineData("Get-Image", false)]
    [InlineData("if )", false)]
    public void Text_that_needs_more_lines_is_recognised(string text, bool incomplete) => Assert.Equal(incomplete, InteractiveLoop.IsIncomplete(text));
}
