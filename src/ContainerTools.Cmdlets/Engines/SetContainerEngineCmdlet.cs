using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Set-ContainerEngine: changes settings of the store, which hold for every process that uses it.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerEngine", SupportsShouldProcess = true)]
[OutputType(typeof(EngineInfo))]
public sealed class SetContainerEngineCmdlet : ContainerToolsCmdlet
{
    /// <summary>Where subnets of networks come from that ask for none: <c>base=10.176.0.0/12,size=24</c>. An empty array goes back to the default.</summary>
    [Parameter]
    [AddressPoolTransformation]
    [AllowEmptyCollection]
    public string[]? AddressPool { get; set; }

    /// <summary>Address of the host that ports are published on when none is named; an empty text means all.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? DefaultBindAddress { get; set; }

    /// <summary>Who makes the rules of container networks.</summary>
    [Parameter]
    public FirewallBackend FirewallBackend { get; set; }

    /// <summary>Proxy by which registries are reached, with user and password if it asks for them; an empty text goes back to the environment's.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? Proxy { get; set; }

    /// <summary>Hosts that are reached without -Proxy; an empty array takes all away.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? NoProxy { get; set; }

    /// <summary>Emit what the engine is now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireOne(nameof(AddressPool), nameof(DefaultBindAddress), nameof(FirewallBackend), nameof(Proxy), nameof(NoProxy));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var change = new EngineChange
        {
            AddressPool = AddressPool,
            DefaultBindAddress = DefaultBindAddress,
            FirewallBackend = MyInvocation.BoundParameters.ContainsKey(nameof(FirewallBackend)) ? FirewallBackend : null,
            Proxy = Proxy,
            NoProxy = NoProxy,
        };
        if (Attempt(Engine.GetInfo, null, out var before)
            && ShouldProcess(before.Root, "Change the settings of the store")
            && Attempt(() => Engine.Change(change), null, out var after)
            && PassThru)
        {
            WriteObject(after);
        }
    }
}
