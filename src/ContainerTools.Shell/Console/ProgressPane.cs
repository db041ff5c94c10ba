using System.Management.Automation;
using System.Text;

namespace ContainerTools.Shell.Console;

/// <summary>
/// The running operations, one line each, drawn below the output on a terminal and nowhere else. Other output is written above: the pane
/// leaves the screen first and comes back with the next report.
/// </summary>
internal sealed class ProgressPane(Terminal terminal)
{
    private const int MostLines = 10;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly SortedDictionary<int, ProgressRecord> _active = [];
    private int _linesShown;
    private DateTime _drawn;

    /// <summary>Takes one report; draws at most ten times a second.</summary>
    public void Report(ProgressRecord record, DateTime now)
    {
        if (!terminal.IsTerminal)
        {
            return;
        }

        var ended = record.RecordType == ProgressRecordType.Completed;
        if (ended)
        {
            _active.Remove(record.ActivityId);
        }
        else
        {
            _active[record.ActivityId] = record;
        }

        if (now - _drawn >= s_interval || (ended && _active.Count == 0))
        {
            _drawn = now;
            Clear();
            Draw();
        }
    }

    /// <summary>Takes the pane off the screen.</summary>
    public void Clear()
    {
        if (_linesShown > 0)
        {
            terminal.Output.Write($"\e[{_linesShown}A\r\e[J");
            _linesShown = 0;
        }
    }

    /// <summary>One line for one operation, no wider than <paramref name="width"/>.</summary>
    public static string Line(ProgressRecord record, int width)
    {
        const int barWidth = 20;
        var text = new StringBuilder(record.ParentActivityId >= 0 ? "  " : "").Append(record.Activity);
        if (record.PercentComplete >= 0)
        {
            var filled = Math.Clamp(record.PercentComplete, 0, 100) * barWidth / 100;
            text.Append(" [").Append('#', filled).Append(' ', barWidth - filled).Append(']');
        }

        if (!string.IsNullOrWhiteSpace(record.StatusDescription))
        {
            text.Append(' ').Append(record.StatusDescription);
        }

        text.Replace('\n', ' ').Replace('\r', ' ').Replace('\e', ' ');
        return text.Length < width ? text.ToString() : text.ToString(0, Math.Max(0, width - 1));
    }

    private void Draw()
    {
        var width = terminal.Width;
        foreach (var record in _active.Values.Take(MostLines))
        {
            terminal.Output.WriteLine(Line(record, width));
            _linesShown++;
        }
    }
}
