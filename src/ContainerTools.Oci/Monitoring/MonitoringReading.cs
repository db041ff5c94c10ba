using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.Monitoring;

/// <summary>Takes the monitor's documents from JSON, member by member; see <see cref="JsonMembers"/>.</summary>
internal static class MonitoringReading
{
    /// <summary><c>monitor.json</c>.</summary>
    public static MonitorSpec Spec(JsonMembers members) => new()
    {
        Id = members.RequiredText("id"u8),
        StateRoot = members.RequiredText("stateRoot"u8),
        Overlay = members.Object("overlay"u8, Overlay),
        Log = members.Object("log"u8, Log),
        AttachStdout = members.Flag("attachStdout"u8),
        AttachStderr = members.Flag("attachStderr"u8),
        AttachStdin = members.Flag("attachStdin"u8),
        ExitPath = members.RequiredText("exitPath"u8),
        NetworkPath = members.Text("networkPath"u8),
    };

    /// <summary><c>network.json</c>.</summary>
    public static MonitorNetwork Network(JsonMembers members) => new()
    {
        Namespace = members.Text("namespace"u8),
        HostNamespace = members.Text("hostNamespace"u8),
        Names = members.Object("names"u8, Names),
        NameFiles = members.Texts("nameFiles"u8),
        FirewallRemoval = members.Bytes("firewallRemoval"u8) is { } batch ? batch : default(ReadOnlyMemory<byte>?),
        Ports = members.List("ports"u8, HeldPort),
        Forwards = members.List("forwards"u8, ForwardedPort),
    };

    /// <summary><c>state.json</c>.</summary>
    public static ContainerRuntimeState State(JsonMembers members) => new()
    {
        Id = members.RequiredText("id"u8),
        Bundle = members.RequiredText("bundle"u8),
        Pid = members.Int32("pid"u8) ?? 0,
        StartTime = members.UInt64("startTime"u8) ?? 0,
        MonitorPid = members.Int32("monitorPid"u8) ?? 0,
        MonitorStartTime = members.UInt64("monitorStartTime"u8) ?? 0,
        Created = members.Time("created"u8) ?? default,
        Started = members.Time("started"u8),
        Cgroups = members.Texts("cgroups"u8),
        Annotations = members.Map("annotations"u8),
    };

    private static MonitorNames Names(JsonMembers members) => new()
    {
        Networks = members.List("networks"u8, NamedNetwork),
        Servers = members.Texts("servers"u8),
        ResolvConf = members.Text("resolvConf"u8),
    };

    private static NamedNetwork NamedNetwork(JsonMembers members) => new()
    {
        Directory = members.RequiredText("directory"u8),
        Internal = members.Flag("internal"u8),
    };

    private static HeldPort HeldPort(JsonMembers members) => new()
    {
        Protocol = members.RequiredText("protocol"u8),
        Address = members.RequiredText("address"u8),
        Port = Required(members.UInt16("port"u8)),
        Count = members.Int32("count"u8) ?? 1,
    };

    private static ForwardedPort ForwardedPort(JsonMembers members) => new()
    {
        Protocol = members.RequiredText("protocol"u8),
        Address = members.RequiredText("address"u8),
        Port = Required(members.UInt16("port"u8)),
        TargetAddress = members.RequiredText("targetAddress"u8),
        TargetPort = Required(members.UInt16("targetPort"u8)),
        Count = members.Int32("count"u8) ?? 1,
    };

    private static ushort Required(ushort? value) => value ?? throw new FormatException("A member that is required is missing.");

    private static OverlaySpec Overlay(JsonMembers members) => new()
    {
        Lower = members.Texts("lower"u8) is { Count: > 0 } lower ? lower : throw new FormatException("A member that is required is missing."),
        Upper = members.RequiredText("upper"u8),
        Work = members.RequiredText("work"u8),
        Target = members.RequiredText("target"u8),
    };

    private static LogSpec Log(JsonMembers members) => new()
    {
        Path = members.RequiredText("path"u8),
        MaximumSize = members.Int64("maximumSize"u8) ?? 10_000_000,
        MaximumFiles = members.Int32("maximumFiles"u8) ?? 3,
    };
}
