using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Takes a configuration from JSON, member by member; see <see cref="JsonMembers"/>. A test holds it to what the serializer reads.</summary>
internal static class RuntimeConfigReading
{
    /// <summary>The whole of <c>config.json</c>.</summary>
    public static RuntimeConfig Config(JsonMembers members) => new()
    {
        OciVersion = members.Text("ociVersion"u8)!,
        Process = members.Object("process"u8, Process),
        Root = members.Object("root"u8, Root),
        Hostname = members.Text("hostname"u8),
        Domainname = members.Text("domainname"u8),
        Mounts = members.List("mounts"u8, Mount),
        Linux = members.Object("linux"u8, Linux),
        Hooks = members.Object("hooks"u8, HookLists),
        Annotations = members.Map("annotations"u8)!,
    };

    /// <summary>A process section.</summary>
    public static ProcessSection Process(JsonMembers members) => new()
    {
        Terminal = members.Flag("terminal"u8),
        ConsoleSize = members.Object("consoleSize"u8, Size),
        User = members.Object("user"u8, User)!,
        Args = members.Texts("args"u8),
        Env = members.Texts("env"u8),
        Cwd = members.RequiredText("cwd"u8),
        Capabilities = members.Object("capabilities"u8, Capabilities),
        Rlimits = members.List("rlimits"u8, Limit),
        NoNewPrivileges = members.Flag("noNewPrivileges"u8),
        OomScoreAdj = members.Int32("oomScoreAdj"u8),
        ApparmorProfile = members.Text("apparmorProfile"u8),
        SelinuxLabel = members.Text("selinuxLabel"u8),
    };

    private static RootFileSystem Root(JsonMembers members) => new()
    {
        Path = members.RequiredText("path"u8),
        Readonly = members.Flag("readonly"u8),
    };

    private static RuntimeMount Mount(JsonMembers members) => new()
    {
        Destination = members.RequiredText("destination"u8),
        Type = members.Text("type"u8),
        Source = members.Text("source"u8),
        Options = members.Texts("options"u8),
        UidMappings = members.List("uidMappings"u8, Mapping),
        GidMappings = members.List("gidMappings"u8, Mapping),
    };

    private static Hooks HookLists(JsonMembers members) => new()
    {
        Prestart = members.List("prestart"u8, Hook),
        CreateRuntime = members.List("createRuntime"u8, Hook),
        CreateContainer = members.List("createContainer"u8, Hook),
        StartContainer = members.List("startContainer"u8, Hook),
        Poststart = members.List("poststart"u8, Hook),
        Poststop = members.List("poststop"u8, Hook),
    };

    private static Hook Hook(JsonMembers members) => new()
    {
        Path = members.RequiredText("path"u8),
        Args = members.Texts("args"u8),
        Env = members.Texts("env"u8),
        Timeout = members.Int32("timeout"u8),
    };

    private static ProcessUser User(JsonMembers members) => new()
    {
        Uid = members.UInt32("uid"u8) ?? 0,
        Gid = members.UInt32("gid"u8) ?? 0,
        Umask = members.UInt32("umask"u8),
        AdditionalGids = members.Numbers("additionalGids"u8),
    };

    private static CapabilitySets Capabilities(JsonMembers members) => new()
    {
        Bounding = members.Texts("bounding"u8),
        Effective = members.Texts("effective"u8),
        Inheritable = members.Texts("inheritable"u8),
        Permitted = members.Texts("permitted"u8),
        Ambient = members.Texts("ambient"u8),
    };

    private static ResourceLimit Limit(JsonMembers members) => new()
    {
        Type = members.RequiredText("type"u8),
        Hard = members.UInt64("hard"u8) ?? 0,
        Soft = members.UInt64("soft"u8) ?? 0,
    };

    private static ConsoleSize Size(JsonMembers members) => new()
    {
        Height = members.UInt16("height"u8) ?? 0,
        Width = members.UInt16("width"u8) ?? 0,
    };

    private static LinuxSection Linux(JsonMembers members) => new()
    {
        Namespaces = members.List("namespaces"u8, Namespace),
        UidMappings = members.List("uidMappings"u8, Mapping),
        GidMappings = members.List("gidMappings"u8, Mapping),
        Devices = members.List("devices"u8, Device),
        CgroupsPath = members.Text("cgroupsPath"u8),
        Resources = members.Object("resources"u8, Resources),
        Seccomp = members.Object("seccomp"u8, Seccomp),
        RootfsPropagation = members.Text("rootfsPropagation"u8),
        MaskedPaths = members.Texts("maskedPaths"u8),
        ReadonlyPaths = members.Texts("readonlyPaths"u8),
        Sysctl = members.Map("sysctl"u8)!,
        MountLabel = members.Text("mountLabel"u8),
        Personality = members.Object("personality"u8, Domain),
    };

    private static NamespaceSpec Namespace(JsonMembers members) => new() { Type = members.RequiredText("type"u8), Path = members.Text("path"u8) };

    private static IdMapping Mapping(JsonMembers members) => new()
    {
        ContainerId = members.UInt32("containerID"u8) ?? 0,
        HostId = members.UInt32("hostID"u8) ?? 0,
        Size = members.UInt32("size"u8) ?? 0,
    };

    private static DeviceNode Device(JsonMembers members) => new()
    {
        Type = members.RequiredText("type"u8),
        Path = members.RequiredText("path"u8),
        Major = members.Int64("major"u8) ?? 0,
        Minor = members.Int64("minor"u8) ?? 0,
        FileMode = members.UInt32("fileMode"u8),
        Uid = members.UInt32("uid"u8),
        Gid = members.UInt32("gid"u8),
    };

    private static Personality Domain(JsonMembers members) => new() { Domain = members.RequiredText("domain"u8) };

    private static LinuxResources Resources(JsonMembers members) => new()
    {
        Devices = members.List("devices"u8, Access),
        Memory = members.Object("memory"u8, Memory),
        Cpu = members.Object("cpu"u8, Cpu),
        Pids = members.Object("pids"u8, Pids),
        BlockIo = members.Object("blockIO"u8, BlockIo),
        Unified = members.Map("unified"u8)!,
    };

    private static DeviceRule Access(JsonMembers members) => new()
    {
        Allow = members.Flag("allow"u8),
        Type = members.Text("type"u8),
        Major = members.Int64("major"u8),
        Minor = members.Int64("minor"u8),
        Access = members.Text("access"u8),
    };

    private static MemoryLimits Memory(JsonMembers members) => new()
    {
        Limit = members.Int64("limit"u8),
        Reservation = members.Int64("reservation"u8),
        Swap = members.Int64("swap"u8),
        Swappiness = members.UInt64("swappiness"u8),
        DisableOomKiller = members.OptionalFlag("disableOOMKiller"u8),
        Kernel = members.Int64("kernel"u8),
    };

    private static CpuLimits Cpu(JsonMembers members) => new()
    {
        Shares = members.UInt64("shares"u8),
        Quota = members.Int64("quota"u8),
        Period = members.UInt64("period"u8),
        Cpus = members.Text("cpus"u8),
        Mems = members.Text("mems"u8),
        Idle = members.Int64("idle"u8),
    };

    private static PidsLimits Pids(JsonMembers members) => new() { Limit = members.Int64("limit"u8) };

    private static BlockIoLimits BlockIo(JsonMembers members) => new()
    {
        Weight = members.UInt16("weight"u8),
        ThrottleReadBpsDevice = members.List("throttleReadBpsDevice"u8, Throttle),
        ThrottleWriteBpsDevice = members.List("throttleWriteBpsDevice"u8, Throttle),
        ThrottleReadIopsDevice = members.List("throttleReadIOPSDevice"u8, Throttle),
        ThrottleWriteIopsDevice = members.List("throttleWriteIOPSDevice"u8, Throttle),
    };

    private static BlockIoThrottle Throttle(JsonMembers members) => new()
    {
        Major = members.Int64("major"u8) ?? 0,
        Minor = members.Int64("minor"u8) ?? 0,
        Rate = members.UInt64("rate"u8) ?? 0,
    };

    private static SeccompConfig Seccomp(JsonMembers members) => new()
    {
        DefaultAction = members.RequiredText("defaultAction"u8),
        DefaultErrnoRet = members.UInt32("defaultErrnoRet"u8),
        Architectures = members.Texts("architectures"u8),
        Flags = members.Texts("flags"u8),
        ListenerPath = members.Text("listenerPath"u8),
        Syscalls = members.List("syscalls"u8, Rule),
    };

    private static SeccompRule Rule(JsonMembers members) => new()
    {
        Names = members.Texts("names"u8),
        Action = members.RequiredText("action"u8),
        ErrnoRet = members.UInt32("errnoRet"u8),
        Args = members.List("args"u8, Argument),
    };

    private static SeccompArgument Argument(JsonMembers members) => new()
    {
        Index = members.UInt32("index"u8) ?? 0,
        Value = members.UInt64("value"u8) ?? 0,
        ValueTwo = members.UInt64("valueTwo"u8) ?? 0,
        Op = members.RequiredText("op"u8),
    };
}
