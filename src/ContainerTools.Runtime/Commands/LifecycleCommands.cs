using ContainerTools.Linux.Processes;
using ContainerTools.Runtime.Launching;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>start</c>, <c>kill</c>, <c>delete</c>, <c>pause</c> and <c>resume</c>.</summary>
internal static class LifecycleCommands
{
    public static int Start(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        Find(global, arguments).Start();
        return 0;
    }

    public static int Kill(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, ["--all"], []);
        if (line.Operands.Count is not (1 or 2))
        {
            throw new UsageException("kill needs a container id and may have a signal.");
        }

        string name = line.Operands.Count == 2 ? line.Operands[1] : "TERM";
        int signal = Signals.Parse(name) ?? throw new UsageException($"'{name}' is not a signal. Use a name such as TERM or a number from 1 to 64.");
        ExistingContainer.Find(global.StateRoot, line.Operands[0]).Kill(signal, line.Has("--all"));
        return 0;
    }

    public static int Delete(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, ["--force"], []);
        string id = line.Single("container id");
        if (line.Has("--force") && !Directory.Exists(Path.Combine(global.StateRoot, id)))
        {
            return 0;
        }

        ExistingContainer.Find(global.StateRoot, id).Delete(line.Has("--force"));
        return 0;
    }

    public static int Pause(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        ExistingContainer container = Find(global, arguments);
        container.Require("pause", ExistingContainer.Running, ExistingContainer.Created);
        RequireCgroup(container).Freeze();
        return 0;
    }

    public static int Resume(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        ExistingContainer container = Find(global, arguments);
        container.Require("resume", ExistingContainer.Paused);
        RequireCgroup(container).Thaw();
        return 0;
    }

    /// <summary>The container's cgroup, which the command cannot do without.</summary>
    public static Linux.Cgroups.ICgroup RequireCgroup(ExistingContainer container) =>
        container.Cgroup() ?? throw new InvalidOperationException($"Container '{container.State.Id}' has no cgroup.");

    private static ExistingContainer Find(GlobalOptions global, ReadOnlySpan<string> arguments) =>
        ExistingContainer.Find(global.StateRoot, CommandLine.Parse(arguments, [], []).Single("container id"));
}
