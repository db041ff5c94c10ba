using System.Management.Automation.Host;
using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Hosting;

/// <summary>Size and keys of the terminal. There is no screen buffer to read or write; PowerShell's formatter needs only the width.</summary>
internal sealed class ShellRawUserInterface(Terminal terminal) : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Size BufferSize
    {
        get => new(terminal.Width, 9999);
        set
        {
        }
    }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override bool KeyAvailable => terminal.IsInteractive && System.Console.KeyAvailable;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Size MaxWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Size WindowSize
    {
        get => new(terminal.Width, 50);
        set
        {
        }
    }

    public override string WindowTitle
    {
        get => "";
        set
        {
            if (terminal.IsTerminal)
            {
                terminal.Output.Write($"\e]0;{value}\a");
            }
        }
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            terminal.ReadKey();
        }
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoBuffer();

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = terminal.ReadKey();
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NoBuffer();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoBuffer();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clear-Host fills the whole buffer with blanks: on a terminal that is one sequence.
        if (rectangle is { Left: -1, Top: -1 } && terminal.IsTerminal)
        {
            terminal.Output.Write("\e[2J\e[3J\e[H");
        }
    }

    private static NotSupportedException NoBuffer() => new("ct cannot read or write the terminal's screen buffer.");
}
