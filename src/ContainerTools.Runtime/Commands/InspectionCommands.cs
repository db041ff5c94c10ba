using System.Globalization;
using System.Text;
using System.Text.Json;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.State;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>state</c>, <c>list</c> and <c>ps</c>.</summary>
internal static class InspectionCommands
{
    public static int State(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        ExistingContainer container = ExistingContainer.Find(global.StateRoot, CommandLine.Parse(arguments, [], []).Single("container id"));
        return CommandDispatcher.Print(Json(writer => Write(writer, container)));
    }

    public static int List(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, ["--quiet"], ["--format"]);
        IReadOnlyList<string> ids = ContainerStateDirectory.List(global.StateRoot);
        if (line.Has("--quiet"))
        {
            return CommandDispatcher.Print(string.Concat(ids.Select(id => id + "\n")));
        }

        List<ExistingContainer> containers = [.. ids.Select(id => ExistingContainer.Find(global.StateRoot, id))];
        if (IsJson(line))
        {
            return CommandDispatcher.Print(Json(writer =>
            {
                writer.WriteStartArray();
                containers.ForEach(container => Write(writer, container));
                writer.WriteEndArray();
            }));
        }

        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"{"ID",-32} {"PID",-8} {"STATUS",-8} {"CREATED",-20} BUNDLE\n");
        foreach (ExistingContainer container in containers)
        {
            ContainerRuntimeState state = container.State;
            table.Append(CultureInfo.InvariantCulture, $"{state.Id,-32} {LivePid(container),-8} {container.Status(),-8} {state.Created.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {state.Bundle}\n");
        }

        return CommandDispatcher.Print(table.ToString());
    }

    public static int Processes(GlobalOptions global, ReadOnlySpan<string> arguments)
    {
        CommandLine line = CommandLine.Parse(arguments, [], ["--format"], stopAtOperands: 1);
        ExistingContainer container = ExistingContainer.Find(global.StateRoot, line.Single("container id"));
        ICgroup cgroup = LifecycleCommands.RequireCgroup(container);
        if (IsJson(line))
        {
            return CommandDispatcher.Print($"[{string.Join(',', cgroup.Processes())}]\n");
        }

        return CommandDispatcher.Print("PID\n" + string.Concat(cgroup.Processes().Select(pid => $"{pid}\n")));
    }

    private static bool IsJson(CommandLine line) => line.Value("--format") switch
    {
        "json" => true,
        "table" or null => false,
        var other => throw new UsageException($"--format is json or table, not '{other}'."),
    };

    private static int LivePid(ExistingContainer container) => container.Status() == ExistingContainer.Stopped ? 0 : container.State.Pid;

    private static void Write(Utf8JsonWriter writer, ExistingContainer container)
    {
        ContainerRuntimeState state = container.State;
        writer.WriteStartObject();
        writer.WriteString("ociVersion", "1.2.0");
        writer.WriteString("id", state.Id);
        writer.WriteString("status", container.Status());
        writer.WriteNumber("pid", LivePid(container));
        writer.WriteString("bundle", state.Bundle);
        writer.WriteString("created", state.Created);
        writer.WriteStartObject("annotations");
        foreach ((string name, string value) in state.Annotations ?? new Dictionary<string, string>())
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
