using System.Management.Automation;
using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Tests.Console;

public class ProgressPaneTests
{
    [Fact]
    public void A_line_shows_activity_bar_and_status() =>
        Assert.Equal("Build [##########          ] RUN make", ProgressPane.Line(new ProgressRecord(1, "Build", "RUN make") { PercentComplete = 50 }, 80));

    [Fact]
    public void A_line_is_never_wider_than_the_screen_and_never_carries_control_characters()
    {
        var line = ProgressPane.Line(new ProgressRecord(1, "Build", new string('x', 200) + "\e[2J\n"), 40);
        Assert.True(line.Length < 40);
        Assert.DoesNotContain('\e', ProgressPane.Line(new ProgressRecord(1, "Build", "\e[2J\n"), 40));
    }

    [Fact]
    public void Nothing_is_drawn_when_output_is_no_terminal()
    {
        using var output = new StringWriter();
        var pane = new ProgressPane(new Terminal(TextReader.Null, output, TextWriter.Null, false, isTerminal: false, false));
        pane.Report(new ProgressRecord(1, "Build", "RUN"), DateTime.UnixEpoch);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_finished_operation_leaves_the_screen()
    {
        using var output = new StringWriter();
        var pane = new ProgressPane(new Terminal(TextReader.Null, output, TextWriter.Null, true, isTerminal: true, true, width: () => 80));
        pane.Report(new ProgressRecord(1, "Build", "RUN"), DateTime.UnixEpoch.AddSeconds(1));
        Assert.Contains("Build RUN", output.ToString(), StringComparison.Ordinal);
        pane.Report(new ProgressRecord(1, "Build", "RUN") { RecordType = ProgressRecordType.Completed }, DateTime.UnixEpoch.AddSeconds(1.01));
        Assert.EndsWith("\e[1A\r\e[J", output.ToString(), StringComparison.Ordinal);
    }
}
