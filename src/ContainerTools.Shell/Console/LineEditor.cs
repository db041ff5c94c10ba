namespace ContainerTools.Shell.Console;

/// <summary>Reads one line from a terminal with editing, history and completion.</summary>
/// <param name="terminal">Where keys come from and the line is shown.</param>
/// <param name="history">Lines entered before.</param>
/// <param name="complete">Completions of a text at a cursor.</param>
internal sealed class LineEditor(Terminal terminal, LineHistory history, Func<string, int, LineCompletion> complete)
{
    private readonly LineBuffer _buffer = new();
    private int _rowsAbove;

    /// <summary>The line; null at end of input (Ctrl-D on an empty line); empty when given up with Ctrl-C.</summary>
    public string? Read(string prompt)
    {
        _buffer.Set("");
        _rowsAbove = 0;
        LineCompletion? completion = null;
        var choice = -1;
        Draw(prompt);
        while (true)
        {
            var key = terminal.ReadKey();
            if (key.Key == ConsoleKey.Tab)
            {
                var backwards = key.Modifiers.HasFlag(ConsoleModifiers.Shift);
                completion ??= complete(_buffer.Text, _buffer.Cursor);
                choice = Choose(completion, choice, backwards);
                Draw(prompt);
                continue;
            }

            completion = null;
            choice = -1;
            if (key.Key == ConsoleKey.Enter)
            {
                terminal.Output.WriteLine();
                return _buffer.Text;
            }

            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (control && key.Key == ConsoleKey.C)
            {
                terminal.Output.WriteLine("^C");
                return "";
            }

            if (control && key.Key == ConsoleKey.D && _buffer.Text.Length == 0)
            {
                terminal.Output.WriteLine();
                return null;
            }

            Edit(key, control);
            Draw(prompt);
        }
    }

    private int Choose(LineCompletion completion, int choice, bool backwards)
    {
        if (completion.Candidates.Count == 0)
        {
            return -1;
        }

        var last = completion.Candidates.Count - 1;
        var next = choice < 0 ? (backwards ? last : 0) : (choice + (backwards ? last : 1)) % completion.Candidates.Count;
        var length = choice < 0 ? completion.Length : completion.Candidates[choice].Length;
        _buffer.Replace(completion.Start, length, completion.Candidates[next]);
        return next;
    }

    private void Edit(ConsoleKeyInfo key, bool control)
    {
        switch (key.Key)
        {
            case ConsoleKey.Backspace when control:
            case ConsoleKey.W when control:
                _buffer.DeleteWordBefore();
                break;
            case ConsoleKey.Backspace:
                _buffer.Backspace();
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when control:
                _buffer.Delete();
                break;
            case ConsoleKey.LeftArrow when control:
                _buffer.WordLeft();
                break;
            case ConsoleKey.RightArrow when control:
                _buffer.WordRight();
                break;
            case ConsoleKey.LeftArrow:
                _buffer.Left();
                break;
            case ConsoleKey.RightArrow:
                _buffer.Right();
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                _buffer.Home();
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                _buffer.End();
                break;
            case ConsoleKey.K when control:
                _buffer.DeleteToEnd();
                break;
            case ConsoleKey.U when control:
                _buffer.DeleteToStart();
                break;
            case ConsoleKey.Escape:
                _buffer.Set("");
                break;
            case ConsoleKey.L when control:
                terminal.Output.Write("\e[2J\e[H");
                _rowsAbove = 0;
                break;
            case ConsoleKey.UpArrow:
                _buffer.Set(history.Previous() ?? _buffer.Text);
                break;
            case ConsoleKey.DownArrow:
                _buffer.Set(history.Next());
                break;
            default:
                if (!control && !char.IsControl(key.KeyChar))
                {
                    _buffer.Insert(key.KeyChar.ToString());
                }

                break;
        }
    }

    private void Draw(string prompt)
    {
        var width = Math.Max(1, terminal.Width);
        var up = _rowsAbove > 0 ? $"\e[{_rowsAbove}A" : "";
        var end = prompt.Length + _buffer.Text.Length;
        var cursor = prompt.Length + _buffer.Cursor;
        // A line that ends exactly at the margin leaves the cursor there; the blank takes it to the next row, where the arithmetic expects it.
        var wrap = end > 0 && end % width == 0 ? " \b" : "";
        var back = (end / width) - (cursor / width);
        terminal.Output.Write($"{up}\r\e[J{prompt}{_buffer.Text}{wrap}{(back > 0 ? $"\e[{back}A" : "")}\r{(cursor % width > 0 ? $"\e[{cursor % width}C" : "")}");
        terminal.Output.Flush();
        _rowsAbove = cursor / width;
    }
}
