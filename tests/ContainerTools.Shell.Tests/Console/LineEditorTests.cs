using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Tests.Console;

public class LineEditorTests
{
    [Fact]
    public void Typed_and_mended_text_is_returned_on_enter() =>
        Assert.Equal("ls -l", Read([.. Type("lx"), Key(ConsoleKey.Backspace), .. Type("s -l"), Enter]));

    [Fact]
    public void Up_brings_back_the_line_before() =>
        Assert.Equal("second!", Read([Key(ConsoleKey.UpArrow), .. Type("!"), Enter], "first", "second"));

    [Fact]
    public void Tab_goes_through_the_candidates_and_shift_tab_goes_back()
    {
        LineCompletion Two(string text, int cursor) => new(0, text.Length, ["Get-Container", "Get-ContainerLog"]);
        Assert.Equal("Get-ContainerLog", Read([.. Type("Get-C"), Tab(), Tab(), Enter], Two));
        Assert.Equal("Get-Container", Read([.. Type("Get-C"), Tab(), Tab(), Tab(), Enter], Two));
        Assert.Equal("Get-Container", Read([.. Type("Get-C"), Tab(), Tab(), Tab(shift: true), Enter], Two));
    }

    [Fact]
    public void Control_d_on_an_empty_line_is_the_end_of_input() => Assert.Null(Read([Key(ConsoleKey.D, control: true)]));

    [Fact]
    public void Control_c_gives_the_line_up() => Assert.Equal("", Read([.. Type("Remove-Image *"), Key(ConsoleKey.C, control: true)]));

    private static ConsoleKeyInfo Enter => Key(ConsoleKey.Enter);

    private static ConsoleKeyInfo Tab(bool shift = false) => new('\t', ConsoleKey.Tab, shift, alt: false, control: false);

    private static ConsoleKeyInfo Key(ConsoleKey key, bool control = false) => new('\0', key, shift: false, alt: false, control);

    private static IEnumerable<ConsoleKeyInfo> Type(string text) => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));

    private static string? Read(IEnumerable<ConsoleKeyInfo> keys, params string[] history) =>
        Read(keys, (_, cursor) => new LineCompletion(cursor, 0, []), history);

    private static string? Read(IEnumerable<ConsoleKeyInfo> keys, Func<string, int, LineCompletion> complete, params string[] history)
    {
        var queue = new Queue<ConsoleKeyInfo>(keys);
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, true, true, true, queue.Dequeue, () => 80);
        var lines = new LineHistory(null);
        foreach (var line in history)
        {
            lines.Add(line);
        }

        return new LineEditor(terminal, lines, complete).Read("> ");
    }
}
