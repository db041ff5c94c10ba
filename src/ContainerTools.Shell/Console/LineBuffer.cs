namespace ContainerTools.Shell.Console;

/// <summary>A line being edited: its text and the cursor in it. Pure: draws nothing.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    public int Cursor { get; private set; }

    public void Set(string text, int? cursor = null)
    {
        Text = text;
        Cursor = Math.Clamp(cursor ?? text.Length, 0, text.Length);
    }

    public void Insert(string text) => Set(Text.Insert(Cursor, text), Cursor + text.Length);

    public void Replace(int start, int length, string text) => Set(Text.Remove(start, length).Insert(start, text), start + text.Length);

    public void Backspace()
    {
        if (Cursor > 0)
        {
            Set(Text.Remove(Cursor - 1, 1), Cursor - 1);
        }
    }

    public void Delete()
    {
        if (Cursor < Text.Length)
        {
            Set(Text.Remove(Cursor, 1), Cursor);
        }
    }

    public void DeleteWordBefore()
    {
        var start = WordStart();
        Set(Text.Remove(start, Cursor - start), start);
    }

    public void DeleteToEnd() => Set(Text[..Cursor], Cursor);

    public void DeleteToStart() => Set(Text[Cursor..], 0);

    public void Left() => Set(Text, Cursor - 1);

    public void Right() => Set(Text, Cursor + 1);

    public void Home() => Set(Text, 0);

    public void End() => Set(Text);

    public void WordLeft() => Set(Text, WordStart());

    public void WordRight()
    {
        var end = Cursor;
        while (end < Text.Length && char.IsWhiteSpace(Text[end]))
        {
            end++;
        }

        while (end < Text.Length && !char.IsWhiteSpace(Text[end]))
        {
            end++;
        }

        Set(Text, end);
    }

    private int WordStart()
    {
        var start = Cursor;
        while (start > 0 && char.IsWhiteSpace(Text[start - 1]))
        {
            start--;
        }

        while (start > 0 && !char.IsWhiteSpace(Text[start - 1]))
        {
            start--;
        }

        return start;
    }
}
