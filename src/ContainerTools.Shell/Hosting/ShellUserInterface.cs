using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Hosting;

/// <summary>Text in and out: output to standard output, warnings and errors to standard error, colours and progress only on a terminal.</summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private readonly Terminal _terminal;
    private readonly bool _nonInteractive;
    private readonly ProgressPane _progress;
    private readonly Lock _lock = new();
    private bool _outputToError;

    public ShellUserInterface(Terminal terminal, bool nonInteractive)
    {
        _terminal = terminal;
        _nonInteractive = nonInteractive || !terminal.IsInteractive;
        _progress = new ProgressPane(terminal);
        RawUI = new ShellRawUserInterface(terminal);
    }

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal => _terminal.IsTerminal;

    public void ClearProgress()
    {
        lock (_lock)
        {
            _progress.Clear();
            _terminal.Output.Flush();
        }
    }

    public IDisposable SendOutputToError()
    {
        _outputToError = true;
        return new Redirection(this);
    }

    public override void Write(string value) => PutOutput(value, newLine: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => PutOutput(value, newLine: false);

    public override void WriteLine(string value) => PutOutput(value, newLine: true);

    public override void WriteErrorLine(string value) => PutStyled(PSStyle.Instance.Formatting.Error, value);

    public override void WriteWarningLine(string message) => PutStyled(PSStyle.Instance.Formatting.Warning, "WARNING: " + message);

    public override void WriteVerboseLine(string message) => PutStyled(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message);

    public override void WriteDebugLine(string message) => PutStyled(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message);

    public override void WriteInformation(InformationRecord record)
    {
        // PowerShell has already written the message to the host when the preference says so.
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_lock)
        {
            _progress.Report(record, DateTime.UtcNow);
        }
    }

    public override string ReadLine()
    {
        RefuseWhenNobodyIsThere("a line of input");
        ClearProgress();
        return _terminal.Input.ReadLine() ?? "";
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseWhenNobodyIsThere("a secret");
        var secret = new SecureString();
        foreach (var character in _terminal.ReadSecret())
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseWhenNobodyIsThere($"the value of '{string.Join("', '", descriptions.Select(field => field.Name))}'");
        WriteCaption(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            Write($"{field.Name}: ");
            object answer = field.ParameterTypeName is nameof(SecureString) ? ReadLineAsSecureString() : ReadLine();
            answers[field.Name] = PSObject.AsPSObject(answer);
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseWhenNobodyIsThere($"'{caption}'");
        WriteCaption(caption, message);
        var keys = choices.Select(choice => Key(choice.Label)).ToList();
        while (true)
        {
            Write(string.Join("  ", choices.Select((choice, i) => $"[{keys[i]}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}")));
            Write(defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\"): " : ": ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            var found = keys.FindIndex(key => string.Equals(key, answer, StringComparison.OrdinalIgnoreCase));
            if (found >= 0)
            {
                return found;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RefuseWhenNobodyIsThere("a credential");
        WriteCaption(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }

        Write($"Password for {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private static string Key(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label.Substring(mark + 1, 1).ToUpper(CultureInfo.InvariantCulture) : label;
    }

    private void WriteCaption(string caption, string message)
    {
        foreach (var text in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(text))
            {
                WriteLine(text);
            }
        }
    }

    private void RefuseWhenNobodyIsThere(string what)
    {
        if (_nonInteractive)
        {
            throw new PSInvalidOperationException($"The shell was asked for {what}, and nobody can answer: it is not interactive. Give it as a parameter, or add -Confirm:$false.");
        }
    }

    private void PutOutput(string? text, bool newLine)
    {
        var (writer, isTerminal) = _outputToError ? (_terminal.Error, _terminal.IsErrorTerminal) : (_terminal.Output, _terminal.IsTerminal);
        Put(writer, text ?? "", newLine, plain: !isTerminal && PSStyle.Instance.OutputRendering != OutputRendering.Ansi);
    }

    private void PutStyled(string style, string text)
    {
        var coloured = _terminal.IsErrorTerminal && PSStyle.Instance.OutputRendering != OutputRendering.PlainText;
        Put(_terminal.Error, coloured ? style + text + PSStyle.Instance.Reset : text, newLine: true, plain: !coloured);
    }

    private void Put(TextWriter writer, string text, bool newLine, bool plain)
    {
        if (plain)
        {
            text = new StringDecorated(text).ToString(OutputRendering.PlainText);
        }

        lock (_lock)
        {
            _progress.Clear();
            if (newLine)
            {
                writer.WriteLine(text);
            }
            else
            {
                writer.Write(text);
            }

            writer.Flush();
        }
    }

    private sealed class Redirection(ShellUserInterface ui) : IDisposable
    {
        public void Dispose() => ui._outputToError = false;
    }
}
