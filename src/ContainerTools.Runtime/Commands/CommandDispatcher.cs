using System.Text;
using ContainerTools.Linux;
using ContainerTools.Linux.Processes;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Commands;

/// <summary>Finds the command of a command line, runs it and turns its errors into one line on standard error and an exit code.</summary>
internal static class CommandDispatcher
{
    private const int RuntimeFailed = 125;
    private const int CommandFailed = 1;
    private const int UsageFailed = 2;

    public const string Usage = """
        usage: ctrun [--root DIR] [--log FILE] [--log-format text|json] COMMAND

          create  [--bundle DIR] [--pid-file FILE] ID     make a container that waits for start
          start   ID                                      run its program
          run     [--bundle DIR] [--detach] ID            create, start, wait, delete
          exec    [--user UID[:GID]] [--cwd DIR] [--env N=V] [--process FILE] [--detach] ID [--] ARGS
          state   ID                                      state as JSON
          list    [--format json|table] [--quiet]         all containers
          ps      [--format json|table] ID                its processes
          kill    [--all] ID [SIGNAL]                     send a signal
          pause   ID / resume ID                          freeze and thaw
          update  [--memory N] [--cpu-quota N] ... ID     change limits
          delete  [--force] ID                            remove what it left
          spec    [--bundle DIR]                          write an example config.json
          features                                        what this runtime can do, as JSON
          plan    [--bundle DIR]                          print the operations of a start

        """;

    /// <summary>Runs a command line.</summary>
    public static int Run(string[] arguments)
    {
        GlobalOptions global = new("/run/ctrun", null, LogAsJson: false);
        bool starting = false;
        try
        {
            int index = 0;
            (global, index) = GlobalOptionParser.Parse(arguments);
            if (index >= arguments.Length)
            {
                throw new UsageException("A command is missing. ctrun --help lists them.");
            }

            string command = arguments[index];
            starting = command is "run" or "create" or "exec" or "start" or "monitor";
            if (command is "run" or "create" or "exec" or "monitor")
            {
                SelfProtection.Ensure(arguments);
            }

            return Dispatch(global, command, arguments.AsSpan(index + 1));
        }
        catch (UsageException error)
        {
            return Fail(global, error.Message, starting ? RuntimeFailed : UsageFailed);
        }
        catch (ContainerStartException error)
        {
            return Fail(global, error.Message, error.ExitCode);
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException or InvalidOperationException or ArgumentException or OverflowException or AggregateException)
        {
            return Fail(global, error.Message, starting ? RuntimeFailed : CommandFailed);
        }
    }

    private static int Dispatch(GlobalOptions global, string command, ReadOnlySpan<string> arguments) => command switch
    {
        "run" => RunCommand.Run(global, arguments),
        "create" => RunCommand.Create(global, arguments),
        "start" => LifecycleCommands.Start(global, arguments),
        "exec" => ExecCommand.Run(global, arguments),
        "kill" => LifecycleCommands.Kill(global, arguments),
        "delete" => LifecycleCommands.Delete(global, arguments),
        "pause" => LifecycleCommands.Pause(global, arguments),
        "resume" => LifecycleCommands.Resume(global, arguments),
        "state" => InspectionCommands.State(global, arguments),
        "list" => InspectionCommands.List(global, arguments),
        "ps" => InspectionCommands.Processes(global, arguments),
        "update" => UpdateCommand.Run(global, arguments),
        "spec" => SpecCommand.Run(arguments),
        "features" => SpecCommand.Features(),
        "plan" => SpecCommand.Plan(arguments),
        "monitor" => MonitorCommand.Run(CommandLine.Parse(arguments, [], ["--bundle"]).Value("--bundle") ?? throw new UsageException("monitor needs --bundle.")),
        "--help" or "-h" or "help" => Print(Usage),
        "--version" or "-v" => Print("ctrun version 0.1.0\nspec: 1.2.0\n"),
        _ => throw new UsageException($"'{command}' is not a command. ctrun --help lists them."),
    };

    /// <summary>Writes text to standard output.</summary>
    public static int Print(string text)
    {
        Descriptor.Write(1, Encoding.UTF8.GetBytes(text));
        return 0;
    }

    private static int Fail(GlobalOptions global, string message, int exitCode)
    {
        string line = message.Replace('\n', ' ');
        Descriptor.Write(2, Encoding.UTF8.GetBytes($"ctrun: {line}\n"));
        if (global.LogPath is { } path)
        {
            try
            {
                File.AppendAllText(path, LogLine.Format(line, global.LogAsJson));
            }
            catch (IOException)
            {
                // The message has been told on standard error; a log that cannot be written must not hide its exit code.
            }
        }

        return exitCode;
    }
}
