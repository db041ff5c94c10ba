using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Set-ContainerRegistry: changes how registries are spoken to, and which of them a short name may mean.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerRegistry", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerRegistry))]
public sealed class SetContainerRegistryCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string SearchOrderSet = "SearchOrder";

    /// <summary>Hosts of the registries, with port if any.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Registry")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Base addresses that are asked before the registry itself when something is pulled, in this order; an empty array takes all away.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public Uri[]? Mirror { get; set; }

    /// <summary>Speak plain HTTP where HTTPS is not spoken.</summary>
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter AllowUnencrypted { get; set; }

    /// <summary>Take any certificate.</summary>
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>PEM file of authorities that are trusted besides the system's, or a directory with such files named *.crt; an empty text takes them away.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? CertificatePath { get; set; }

    /// <summary>PEM or PKCS#12 file of the certificate that this client shows; an empty text takes it and its key away.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? ClientCertificatePath { get; set; }

    /// <summary>PEM file of its key; an empty text means that the certificate's file has it.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? ClientKeyPath { get; set; }

    /// <summary>Let nothing be pulled from it or pushed to it.</summary>
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter Blocked { get; set; }

    /// <summary>Registries that a name without one may mean, in the order in which they are asked; an empty array goes back to docker.io.</summary>
    [Parameter(ParameterSetName = SearchOrderSet, Mandatory = true)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string[] SearchOrder { get; set; } = [];

    /// <summary>Emit the changed registries.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireOne(
        nameof(Mirror), nameof(AllowUnencrypted), nameof(SkipCertificateCheck), nameof(CertificatePath), nameof(ClientCertificatePath), nameof(ClientKeyPath), nameof(Blocked), nameof(SearchOrder));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == SearchOrderSet)
        {
            var order = string.Join(", ", SearchOrder.DefaultIfEmpty("docker.io"));
            if (ShouldProcess(order, "Search short names there") && Attempt(() => Engine.Registries.SetSearchOrder(SearchOrder), order))
            {
                WriteChanged(Engine.Registries.SearchOrder);
            }

            return;
        }

        var change = new RegistryChange
        {
            Mirror = Mirror?.Select(mirror => mirror.OriginalString).ToArray(),
            AllowUnencrypted = Given(nameof(AllowUnencrypted), AllowUnencrypted),
            SkipCertificateCheck = Given(nameof(SkipCertificateCheck), SkipCertificateCheck),
            CertificatePath = ResolveGiven(CertificatePath),
            ClientCertificatePath = ResolveGiven(ClientCertificatePath),
            ClientKeyPath = ResolveGiven(ClientKeyPath),
            Blocked = Given(nameof(Blocked), Blocked),
        };
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "Change the settings of the registry") && Attempt(() => Engine.Registries.Change(name, change), name))
            {
                WriteChanged([name]);
            }
        }
    }

    private void WriteChanged(IEnumerable<string> names)
    {
        foreach (var name in PassThru ? names : [])
        {
            if (Await(token => Engine.Registries.GetAsync(name, token), name, out var registry))
            {
                WriteObject(registry);
            }
        }
    }

    private bool? Given(string parameter, SwitchParameter value) => MyInvocation.BoundParameters.ContainsKey(parameter) ? value.ToBool() : null;

    private string? ResolveGiven(string? path) => string.IsNullOrEmpty(path) ? path : ResolvePath(path);
}
