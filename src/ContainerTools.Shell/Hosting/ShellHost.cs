using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Hosting;

/// <summary>The host PowerShell talks to: where its output appears, and where <c>exit</c> arrives.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface _ui;

    public ShellHost(Terminal terminal, bool nonInteractive) => _ui = new ShellUserInterface(terminal, nonInteractive);

    /// <summary>The code given to <c>exit</c>; null while nobody has called it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Takes the progress pane off the screen: a prompt or another program writes there next.</summary>
    public void ClearProgress() => _ui.ClearProgress();

    /// <summary>While the result lives, what is written as output goes to standard error: an error that ended the pipeline is formatted like data.</summary>
    public IDisposable SendOutputToError() => _ui.SendOutputToError();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "ContainerToolsHost";

    public override PSObject PrivateData { get; } = new(new object());

    public override PSHostUserInterface UI => _ui;

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;

    public override void EnterNestedPrompt() =>
        throw new NotSupportedException("ct has no nested prompt; answer No or Yes instead of Suspend.");

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication() => _ui.ClearProgress();

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
}
