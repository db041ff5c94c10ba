using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that make containers: everything a container can be made with.</summary>
public abstract partial class ContainerCreationCmdlet : ContainerToolsCmdlet
{
    private protected const string ImageSet = "Image";

    /// <summary>When the image is pulled: if it is not here (Missing), Always, Never, or if the registry has another one (Newer).</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [Alias("Pull")]
    public PullPolicy PullPolicy { get; set; }

    /// <summary>Platform of the image, when it is made for several.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Entrypoint words, in place of the image's; an empty array clears it.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [AllowEmptyCollection]
    public string[]? Entrypoint { get; set; }

    /// <summary>Environment added to the image's.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    /// <summary>Files of NAME=value lines; <c>-Environment</c> goes before them.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string[] EnvironmentFile { get; set; } = [];

    /// <summary>Absolute working directory inside.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>User as user[:group], names or numbers.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Supplementary groups, names or numbers.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string[] GroupAdd { get; set; } = [];

    /// <summary>Host name inside.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? HostName { get; set; }

    /// <summary>Labels.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>The root file system cannot be written.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Paths inside with a tmpfs, with mount options or without.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [MapTransformation(AllowBareName = true, Separator = ':')]
    public IDictionary? Tmpfs { get; set; }

    /// <summary>Bind mounts: <c>/source:/destination[:ro]</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [VolumeTransformation]
    public ContainerMount[] Volume { get; set; } = [];

    /// <summary>Memory limit.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [SizeTransformation]
    public long? Memory { get; set; }

    /// <summary>Limit of memory and swap together; -1 is unlimited.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [SizeTransformation(AllowUnlimited = true)]
    public long? MemorySwap { get; set; }

    /// <summary>CPUs, for example 0.5.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateRange(0.001, 100000.0)]
    public double? Cpu { get; set; }

    /// <summary>Relative weight when CPUs are short; 100 is normal.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateRange(1L, 10000L)]
    public long? CpuWeight { get; set; }

    /// <summary>Cores allowed: <c>0-1,3</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidatePattern(@"^\d+(-\d+)?(,\d+(-\d+)?)*$")]
    public string? CpuSet { get; set; }

    /// <summary>Most processes; -1 is unlimited.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateRange(-1L, 4194304L)]
    public long? PidsLimit { get; set; }

    /// <summary>Resource limits: <c>@{ nofile = '1024:2048' }</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [UlimitTransformation]
    public IDictionary? Ulimit { get; set; }

    /// <summary>Size of /dev/shm.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [SizeTransformation]
    public long? ShmSize { get; set; }

    /// <summary>Capabilities added to the default ones.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] CapabilityAdd { get; set; } = [];

    /// <summary>Capabilities taken away.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] CapabilityDrop { get; set; } = [];

    /// <summary>All capabilities and devices, nothing filtered or masked.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter Privileged { get; set; }

    /// <summary>No process inside can gain privileges by executing a file; on unless set to <c>$false</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter NoNewPrivileges { get; set; } = true;

    /// <summary><c>default</c>, <c>unconfined</c>, or the path of a profile in Docker's JSON form.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string SeccompProfile { get; set; } = "default";

    /// <summary>Kernel parameters of the container's namespaces.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [MapTransformation]
    public IDictionary? Sysctl { get; set; }

    /// <summary>Run an init of the engine's as pid 1, which forwards signals and reaps.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter Init { get; set; }

    /// <summary>Signal that stops it.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Time from the stop signal to SIGKILL.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [DurationTransformation]
    public TimeSpan? StopTimeout { get; set; }

    /// <summary>Remove the container when it ends.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [Alias("Rm")]
    public SwitchParameter Remove { get; set; }

    /// <summary>Keep standard input open.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Replace a container of the same name: stop and remove it.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Sees to it that the image is here, as the policy wants it, with progress; false when an error was written.</summary>
    private protected bool HasImage(string image)
    {
        // Most of the time it is, and nothing else is started. One that must be here and is not, the container cannot be made of.
        if (PullPolicy == PullPolicy.Never)
        {
            return true;
        }

        if (PullPolicy == PullPolicy.Missing)
        {
            if (!Attempt(() => Engine.Images.Exists(image, Platform), image, out var here))
            {
                return false;
            }

            if (here)
            {
                return true;
            }
        }

        return AwaitWithProgress((progress, token) => Engine.Images.EnsureAsync(image, PullPolicy, Platform, progress, token), image, out _);
    }

    /// <summary>All of it as the engine takes it.</summary>
    private protected ContainerSpec Spec(string image, string? name, IReadOnlyList<string>? command)
    {
        var environment = EnvironmentFile.SelectMany(path => EnvironmentFileReader.Read(ResolvePath(path))).Concat(Values.Map(Environment));
        return Connected(new ContainerSpec
        {
            Image = image,
            Platform = Platform,
            Name = name,
            Command = command,
            Entrypoint = Entrypoint,
            Environment = environment.GroupBy(pair => pair.Key).ToDictionary(same => same.Key, same => same.Last().Value),
            WorkingDirectory = WorkingDirectory,
            User = User,
            Groups = GroupAdd,
            HostName = HostName,
            Labels = Values.Map(Label),
            ReadOnly = ReadOnly,
            Tmpfs = Values.Map(Tmpfs),
            Mounts = Volume,
            Memory = Memory,
            MemorySwap = MemorySwap,
            Cpu = Cpu,
            CpuWeight = CpuWeight,
            CpuSet = CpuSet,
            PidsLimit = PidsLimit,
            Ulimits = Ulimit as Dictionary<string, Ulimit> ?? [],
            ShmSize = ShmSize,
            CapabilityAdd = CapabilityAdd,
            CapabilityDrop = CapabilityDrop,
            Privileged = Privileged,
            NoNewPrivileges = NoNewPrivileges,
            SeccompProfile = SeccompProfile is "default" or "unconfined" ? SeccompProfile : ResolvePath(SeccompProfile),
            Sysctls = Values.Map(Sysctl),
            Init = Init,
            StopSignal = StopSignal,
            StopTimeout = StopTimeout,
            Remove = Remove,
            Interactive = Interactive,
            Force = Force,
        });
    }
}
