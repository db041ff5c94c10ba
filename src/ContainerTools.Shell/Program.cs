using ContainerTools.Shell.CommandLine;
using ContainerTools.Shell.Console;
using ContainerTools.Shell.Hosting;
using ContainerTools.Shell.Modules;
using ContainerTools.Shell.Sessions;

namespace ContainerTools.Shell;

/// <summary>The <c>ct</c> program.</summary>
internal static class Program
{
    private const int UsageError = 64;

    private static int Main(string[] words)
    {
        var terminal = Terminal.Process;
        ShellArguments arguments;
        try
        {
            arguments = ShellArguments.Parse(words, inputRedirected: !terminal.IsInteractive);
        }
        catch (ShellUsageException error)
        {
            terminal.Error.WriteLine(error.Message);
            return UsageError;
        }

        switch (arguments.Mode)
        {
            case ShellMode.Help:
                terminal.Output.WriteLine(ShellArguments.Usage);
                return 0;
            case ShellMode.Version:
                terminal.Output.WriteLine($"ContainerTools {typeof(Program).Assembly.GetName().Version!.ToString(3)}");
                return 0;
            default:
                return Run(arguments, terminal);
        }
    }

    private static int Run(ShellArguments arguments, Terminal terminal)
    {
        if (arguments.WorkingDirectory is { } directory)
        {
            if (!Directory.Exists(directory))
            {
                terminal.Error.WriteLine($"The working directory '{directory}' does not exist.");
                return UsageError;
            }

            Directory.SetCurrentDirectory(directory);
        }

        if (arguments.Mode == ShellMode.File && !File.Exists(arguments.Script))
        {
            terminal.Error.WriteLine($"The script '{arguments.Script}' does not exist.");
            return UsageError;
        }

        var chosen = Environment.GetEnvironmentVariable(ModuleLocator.Variable);
        var folder = ModuleLocator.Find(AppContext.BaseDirectory, chosen);
        var host = new ShellHost(terminal, arguments.NonInteractive);
        if (folder is null)
        {
            host.UI.WriteWarningLine($"The ContainerTools module was not found {(chosen is { Length: > 0 } ? $"at '{chosen}'" : "beside ct")}; its cmdlets are not available.");
        }

        using var session = ShellSession.Open(host, folder);
        System.Console.CancelKeyPress += (_, key) => key.Cancel = session.Stop();
        var code = arguments.Mode switch
        {
            ShellMode.File => session.RunFile(Path.GetFullPath(arguments.Script), arguments.Arguments),
            ShellMode.Command => session.RunText(arguments.Script),
            ShellMode.StandardInput => session.RunText(terminal.Input.ReadToEnd()),
            _ => 0,
        };
        var prompt = arguments.Mode == ShellMode.Interactive || (arguments.NoExit && terminal.IsInteractive);
        return prompt && host.ExitCode is null ? InteractiveLoop.Run(session, host, terminal, greet: !arguments.NoLogo) : code;
    }
}
