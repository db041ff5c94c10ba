namespace ContainerTools.Shell.Tests.Sessions;

public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_script_gets_its_arguments_and_its_exit_code_becomes_the_shells()
    {
        var script = _directory.Write("a.ps1", "param([string]$Name, [int]$Count, [switch]$Force)\n\"$Name $Count $Force $PSScriptRoot\"\nexit 5");
        var run = ShellProcess.Run(script, "-Name", "web", "-Count", "3", "-Force");
        Assert.Equal($"web 3 True {_directory.Path}\n", run.Output);
        Assert.Equal(5, run.ExitCode);
    }

    [Fact]
    public void A_terminating_error_shows_file_and_line_on_standard_error_and_exits_1()
    {
        var script = _directory.Write("a.ps1", "'before'\nthrow 'boom'\n'after'");
        var run = ShellProcess.Run(script);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("boom", run.Error, StringComparison.Ordinal);
        Assert.Contains("a.ps1:2", run.Error, StringComparison.Ordinal);
        Assert.Equal("before\n", run.Output);
    }

    [Fact]
    public void A_script_that_comes_to_its_end_exits_0_whatever_native_commands_said()
    {
        var script = _directory.Write("a.ps1", "sh -c 'exit 9'\n$LASTEXITCODE");
        var run = ShellProcess.Run(script);
        Assert.Equal("9\n", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void A_script_that_does_not_parse_runs_nothing()
    {
        var script = _directory.Write("a.ps1", "'never'\nif (");
        var run = ShellProcess.Run(script);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("a.ps1:2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_script_is_a_usage_error()
    {
        var run = ShellProcess.Run("/nonexistent/a.ps1");
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("/nonexistent/a.ps1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_are_shown_as_a_table_without_escape_sequences_when_piped_and_before_an_exit()
    {
        var run = ShellProcess.Run("-Command", "[pscustomobject]@{ Name = 'web'; Pid = 7 }; exit 3");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Name Pid\n---- ---\nweb    7\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1/0; 'after'", 0)]
    [InlineData("'before'; 1/0", 1)]
    [InlineData("sh -c 'exit 9'", 1)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'x'", 1)]
    public void A_commands_exit_code_tells_how_its_last_statement_ended(string text, int expected) =>
        Assert.Equal(expected, ShellProcess.Run("-Command", text).ExitCode);

    [Fact]
    public void Standard_input_is_run_as_a_script()
    {
        var run = ShellProcess.RunWithInput("1 +\n1\nexit 4", null);
        Assert.Equal("2\n", run.Output);
        Assert.Equal(4, run.ExitCode);
    }

    [Fact]
    public void A_question_fails_at_once_when_nobody_can_answer()
    {
        var run = ShellProcess.Run("-Command", "function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]param() if ($PSCmdlet.ShouldProcess('web')) { 'done' } } f");
        Assert.DoesNotContain("done", run.Output, StringComparison.Ordinal);
        Assert.Contains("nobody can answer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_module_is_loaded_and_found_by_name()
    {
        _directory.Write("ContainerTools/ContainerTools.psd1", "@{ ModuleVersion = '9.9'; NestedModules = 'a.psm1'; FunctionsToExport = 'Get-Answer' }");
        _directory.Write("ContainerTools/a.psm1", "function Get-Answer { 42 }");
        var run = ShellProcess.RunWithInput(null, Path.Combine(_directory.Path, "ContainerTools"), "-Command", "Import-Module ContainerTools; Get-Answer");
        Assert.Equal("42\n", run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void A_missing_module_is_a_warning_and_scripts_still_run()
    {
        var run = ShellProcess.Run("-Command", "1");
        Assert.Contains("module was not found", run.Error, StringComparison.Ordinal);
        Assert.Equal(("1\n", 0), (run.Output, run.ExitCode));
    }

    [Fact]
    public void Control_c_stops_the_pipeline_and_the_shell_ends_with_130()
    {
        using var process = ShellProcess.Start(null, "-Command", "'up'; while ($true) { [Threading.Thread]::Sleep(20) }");
        Assert.Equal("up", process.StandardOutput.ReadLine());
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "The pipeline was not stopped.");
        Assert.Equal(130, process.ExitCode);
    }

    public void Dispose() => _directory.Dispose();
}
