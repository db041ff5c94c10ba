using System.Text;

namespace ContainerTools.Shell.Console;

/// <summary>Standard input, output and error of this process, and whether each is a terminal.</summary>
internal sealed class Terminal
{
    /// <summary>The process's own terminal.</summary>
    public static Terminal Process { get; } = new(
        System.Console.In, System.Console.Out, System.Console.Error,
        isInteractive: !System.Console.IsInputRedirected,
        isTerminal: !System.Console.IsOutputRedirected,
        isErrorTerminal: !System.Console.IsErrorRedirected);

    private readonly Func<ConsoleKeyInfo> _readKey;
    private readonly Func<int> _width;

    public Terminal(
        TextReader input, TextWriter output, TextWriter error, bool isInteractive, bool isTerminal, bool isErrorTerminal,
        Func<ConsoleKeyInfo>? readKey = null, Func<int>? width = null)
    {
        Input = input;
        Output = output;
        Error = error;
        IsInteractive = isInteractive;
        IsTerminal = isTerminal;
        IsErrorTerminal = isErrorTerminal;
        _readKey = readKey ?? (() => System.Console.ReadKey(intercept: true));
        _width = width ?? ConsoleWidth;
    }

    public TextReader Input { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Keys can be read.</summary>
    public bool IsInteractive { get; }

    /// <summary>Output goes to a screen.</summary>
    public bool IsTerminal { get; }

    /// <summary>Error output goes to a screen.</summary>
    public bool IsErrorTerminal { get; }

    /// <summary>Columns; 120 when output is not a screen, so that a piped table is not cut to nothing.</summary>
    public int Width => IsTerminal ? _width() : 120;

    public ConsoleKeyInfo ReadKey() => _readKey();

    /// <summary>Reads a line without showing it.</summary>
    public string ReadSecret()
    {
        var text = new StringBuilder();
        while (true)
        {
            var key = ReadKey();
            if (key.Key == ConsoleKey.Enter)
            {
                Output.WriteLine();
                return text.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }
    }

    private static int ConsoleWidth()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
