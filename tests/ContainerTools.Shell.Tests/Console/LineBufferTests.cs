using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Tests.Console;

public class LineBufferTests
{
    [Fact]
    public void Text_goes_in_at_the_cursor()
    {
        var buffer = Of("Get-Imge", 6);
        buffer.Insert("a");
        Assert.Equal(("Get-Image", 7), (buffer.Text, buffer.Cursor));
    }

    [Fact]
    public void Deleting_a_word_takes_the_blanks_before_the_cursor_too()
    {
        var buffer = Of("Get-Image base  ", 16);
        buffer.DeleteWordBefore();
        Assert.Equal("Get-Image ", buffer.Text);
    }

    [Fact]
    public void Word_moves_stop_at_word_edges()
    {
        var buffer = Of("one two", 7);
        buffer.WordLeft();
        Assert.Equal(4, buffer.Cursor);
        buffer.WordLeft();
        buffer.WordLeft();
        Assert.Equal(0, buffer.Cursor);
        buffer.WordRight();
        Assert.Equal(3, buffer.Cursor);
    }

    [Fact]
    public void The_cursor_never_leaves_the_text()
    {
        var buffer = Of("a", 1);
        buffer.Right();
        Assert.Equal(1, buffer.Cursor);
        buffer.Left();
        buffer.Left();
        buffer.Backspace();
        Assert.Equal(("a", 0), (buffer.Text, buffer.Cursor));
    }

    private static LineBuffer Of(string text, int cursor)
    {
        var buffer = new LineBuffer();
        buffer.Set(text, cursor);
        return buffer;
    }
}
