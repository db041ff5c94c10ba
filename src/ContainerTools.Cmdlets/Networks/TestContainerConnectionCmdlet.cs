using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Test-ContainerConnection: whether a container reaches another, and if not, why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerConnection")]
[OutputType(typeof(bool), typeof(ConnectionTestResult))]
public sealed class TestContainerConnectionCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names or ids of the containers that ask; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Container { get; set; } = [];

    /// <summary>Whom they shall reach: a container, a name or alias on their networks, a name of the outside, or an address.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>Port; without it, name, route and an echo are tested.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Protocol of the port.</summary>
    [Parameter]
    [ValidateSet(nameof(PortProtocol.Tcp), nameof(PortProtocol.Udp))]
    public PortProtocol Protocol { get; set; }

    /// <summary>How long an answer is waited for; 3 s when not given.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Emit every step on the way.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var container in Container.SelectMany(name => ContainerLookup.ByName(this, name)))
        {
            foreach (var target in Target)
            {
                var request = new ConnectionTestRequest { Container = container.Name, Target = target, Port = Port, Protocol = Protocol, Timeout = Timeout };
                if (Await(token => Engine.Networks.TestConnectionAsync(request, token), container, out var result))
                {
                    Write(result);
                }
            }
        }
    }

    private void Write(ConnectionTestResult result)
    {
        if (Detailed)
        {
            WriteObject(result);
            return;
        }

        if (!result.Succeeded)
        {
            WriteWarning($"'{result.Container}' does not reach '{result.Target}': {result.Reason}");
        }

        WriteObject(result.Succeeded);
    }
}
