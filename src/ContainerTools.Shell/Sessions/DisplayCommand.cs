using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace ContainerTools.Shell.Sessions;

/// <summary>
/// <c>Out-Default</c> at the end of the shell's own pipelines. PowerShell's formatter holds the first objects of a table back to see how wide
/// they are, and an <c>exit</c> or a terminating error drops what it holds; here they are shown first.
/// </summary>
[Cmdlet("Out", "ShellDisplay")]
internal sealed class DisplayCommand : OutDefaultCommand
{
    /// <summary>The command's name in a session.</summary>
    public const string Name = "Out-ShellDisplay";

    private bool _ended;

    /// <summary><c>$?</c> as the pipeline that came to its end last left it; the pipeline's own end sets the variable anew.</summary>
    public static bool LastStatementSucceeded { get; private set; } = true;

    protected override void EndProcessing()
    {
        _ended = true;
        LastStatementSucceeded = SessionState.PSVariable.GetValue("?") is not false;
        base.EndProcessing();
    }

    protected override void StopProcessing()
    {
        _ended = true;
        base.StopProcessing();
    }

    protected override void InternalDispose()
    {
        if (!_ended)
        {
            base.EndProcessing();
        }

        base.InternalDispose();
    }
}
