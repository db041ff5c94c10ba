using System.Globalization;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Launching;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>run</c> and <c>create</c>.</summary>
internal static class RunCommand
{
    private static readonly string[] Flags = ["--detach", "--no-new-keyring"];
    private static readonly string[] Valued = ["--bundle", "--pid-file", "--config"];

    /// <summary>Starts a container, waits for its end, removes it and returns its exit code.</summary>
    public static int Run(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, Flags, Valued);
        string id = line.Single("container id");
        if (line.Has("--detach"))
        {
            using LaunchedContainer detached = Launch(global, line, id, waitForStart: false);
            return 0;
        }

        using LaunchedContainer container = Launch(global, line, id, waitForStart: false);
        int exitCode = SignalForwarding.WaitForExit(container.Pidfd);
        container.Remove();
        return exitCode;
    }

    /// <summary>Makes a container that waits for <c>start</c>.</summary>
    public static int Create(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, ["--no-new-keyring"], Valued);
        using LaunchedContainer container = Launch(global, line, line.Single("container id"), waitForStart: true);
        return 0;
    }

    private static LaunchedContainer Launch(GlobalOptions global, CommandLine line, string id, bool waitForStart)
    {
        string bundle = Path.GetFullPath(line.Value("--bundle") ?? ".");
        RuntimeConfig config;
        try
        {
            config = RuntimeConfig.Load(Path.GetFullPath(line.Value("--config") ?? "config.json", bundle));
        }
        catch (Exception error) when (ContainerLauncher.AsStartFailure(error) is { } failure)
        {
            throw failure;
        }

        LaunchedContainer container = ContainerLauncher.Start(config, bundle, new ContainerLaunchOptions { Id = id, StateRoot = global.StateRoot, WaitForStart = waitForStart });
        if (line.Value("--pid-file") is { } pidFile)
        {
            File.WriteAllText(pidFile, container.Pid.ToString(CultureInfo.InvariantCulture));
        }

        return container;
    }
}
