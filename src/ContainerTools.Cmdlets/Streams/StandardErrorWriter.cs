using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Writes lines of a process's standard error to the error stream, as PowerShell does for native commands: they are no failure, so
/// <c>$ErrorActionPreference = 'Stop'</c> does not end the command. An explicit <c>-ErrorAction Stop</c> on the command does.
/// </summary>
internal sealed class StandardErrorWriter(PSCmdlet cmdlet, string source)
{
    private const string Preference = "ErrorActionPreference";
    private bool _written;

    public void Write(string line)
    {
        var record = new ErrorRecord(new RemoteException(line), "NativeCommandError", ErrorCategory.NotSpecified, source);
        if (_written || cmdlet.SessionState.PSVariable.Get(Preference) is not { } preference || !IsStop(preference.Value))
        {
            _written = true;
            cmdlet.WriteError(record);
            return;
        }

        // The command runtime reads the preference at its first error and keeps it for the command's life.
        var before = preference.Value;
        preference.Value = ActionPreference.Continue;
        try
        {
            _written = true;
            cmdlet.WriteError(record);
        }
        finally
        {
            preference.Value = before;
        }
    }

    /// <summary>Writes an error of the engine: a real failure, which the preference applies to even after lines were written.</summary>
    public void WriteFailure(ErrorRecord record)
    {
        if (_written && cmdlet.SessionState.PSVariable.GetValue(Preference) is { } preference && IsStop(preference))
        {
            cmdlet.ThrowTerminatingError(record);
        }

        cmdlet.WriteError(record);
    }

    private static bool IsStop(object? value) => string.Equals(value?.ToString(), nameof(ActionPreference.Stop), StringComparison.OrdinalIgnoreCase);
}
