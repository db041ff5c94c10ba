using System.Buffers;
using System.Text.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>Writes the monitor's documents as <see cref="MonitoringJson"/> does, without the descriptions of types that the serializer keeps.</summary>
internal static class MonitoringWriting
{
    public static byte[] Event(MonitorEvent report) => Document(report, static (writer, report) =>
    {
        writer.WriteString("kind"u8, report.Kind);
        writer.WriteNumber("pid"u8, report.Pid);
        if (report.Exit is { } exit)
        {
            writer.WriteStartObject("exit"u8);
            Members(writer, exit);
            writer.WriteEndObject();
        }

        Optional(writer, "code"u8, report.Code);
        Optional(writer, "message"u8, report.Message);
        writer.WriteNumber("errno"u8, report.Errno);
        Optional(writer, "syscall"u8, report.Syscall);
        Optional(writer, "path"u8, report.Path);
    });

    public static byte[] Exit(ExitRecord record) => Document(record, Members);

    public static byte[] State(ContainerRuntimeState state) => Document(state, static (writer, state) =>
    {
        writer.WriteString("id"u8, state.Id);
        writer.WriteString("bundle"u8, state.Bundle);
        writer.WriteNumber("pid"u8, state.Pid);
        writer.WriteNumber("startTime"u8, state.StartTime);
        writer.WriteNumber("monitorPid"u8, state.MonitorPid);
        writer.WriteNumber("monitorStartTime"u8, state.MonitorStartTime);
        writer.WriteString("created"u8, state.Created);
        if (state.Started is { } started)
        {
            writer.WriteString("started"u8, started);
        }

        writer.WriteStartArray("cgroups"u8);
        foreach (string path in state.Cgroups)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
        if (state.Annotations is { } annotations)
        {
            writer.WriteStartObject("annotations"u8);
            foreach ((string name, string value) in annotations)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }
    });

    private static void Members(Utf8JsonWriter writer, ExitRecord record)
    {
        writer.WriteNumber("exitCode"u8, record.ExitCode);
        writer.WriteBoolean("oomKilled"u8, record.OomKilled);
        if (record.Started is { } started)
        {
            writer.WriteString("started"u8, started);
        }

        writer.WriteString("finished"u8, record.Finished);
        Optional(writer, "error"u8, record.Error);
    }

    public static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static byte[] Document<T>(T source, Action<Utf8JsonWriter, T> members)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        members(writer, source);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
