using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerTools.Shell.Console;
using ContainerTools.Shell.Hosting;

namespace ContainerTools.Shell.Sessions;

/// <summary>Prompt, read, run, repeat.</summary>
internal static class InteractiveLoop
{
    /// <summary>Runs until <c>exit</c> or the end of input; returns the exit code.</summary>
    public static int Run(ShellSession session, ShellHost host, Terminal terminal, bool greet)
    {
        if (greet)
        {
            terminal.Output.WriteLine($"ContainerTools {host.Version.ToString(3)}. This shell has PowerShell's language and core commands; 'exit' leaves.");
        }

        var history = new LineHistory(LineHistory.DefaultPath);
        var editor = new LineEditor(terminal, history, (text, cursor) => Complete(session, text, cursor));
        var code = 0;
        while (host.ExitCode is null)
        {
            if (ReadStatement(session, editor) is not { } text)
            {
                return code;
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                history.Add(text);
                code = session.RunText(text, addToHistory: true);
            }
        }

        return host.ExitCode ?? code;
    }

    /// <summary>Completions by PowerShell's own engine: commands, parameters, and what the cmdlets' completers offer.</summary>
    internal static LineCompletion Complete(ShellSession session, string text, int cursor)
    {
        using var powershell = PowerShell.Create();
        powershell.Runspace = session.Runspace;
        try
        {
            var result = CommandCompletion.CompleteInput(text, cursor, options: null, powershell);
            return new LineCompletion(result.ReplacementIndex, result.ReplacementLength, [.. result.CompletionMatches.Select(match => match.CompletionText)]);
        }
        catch (RuntimeException)
        {
            return new LineCompletion(cursor, 0, []);
        }
    }

    /// <summary>Whether more lines must follow before the text can run.</summary>
    internal static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private static string? ReadStatement(ShellSession session, LineEditor editor)
    {
        // While a line is read, Ctrl-C is a key and gives up the line; while a pipeline runs, it is a signal and stops the pipeline.
        System.Console.TreatControlCAsInput = true;
        try
        {
            var text = editor.Read(session.Prompt());
            while (text is { Length: > 0 } && IsIncomplete(text))
            {
                if (editor.Read(">> ") is not { Length: > 0 } more)
                {
                    return "";
                }

                text += "\n" + more;
            }

            return text;
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
        }
    }
}
