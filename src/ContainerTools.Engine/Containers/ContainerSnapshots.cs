using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Containers;

/// <summary>Makes the public snapshots of containers from rows, images and the kernel's word.</summary>
internal sealed class ContainerSnapshots(ContainerContext context)
{
    public Container Of(ContainerRecord record) => Of(record, context.FindImage(record.ImageId), context.Networks.ViewOf(record.Id));

    public IReadOnlyList<Container> Of(IEnumerable<ContainerRecord> records)
    {
        var view = context.Networks.View();
        var images = new Dictionary<string, ContainerImage>();
        return [.. records.Select(record =>
        {
            if (!images.TryGetValue(record.ImageId, out var image))
            {
                image = images[record.ImageId] = context.FindImage(record.ImageId);
            }

            return Of(record, image, view);
        })];
    }

    private Container Of(ContainerRecord record, ContainerImage image, NetworkView view)
    {
        var bundle = context.BundleOf(record.Id);
        var status = ContainerStatus.Of(bundle);
        var spec = record.Spec;
        var endpoints = context.Networks.Snapshots(record, status.IsRunning, view: view);
        return new Container
        {
            Id = record.Id,
            Name = record.Name,
            Image = spec.Image,
            ImageId = record.ImageId,
            State = status.State,
            Command = ContainerCommandLine.Words(spec, image.Config),
            Pid = status.IsRunning ? status.Runtime?.Pid : null,
            ExitCode = status.Exit?.ExitCode,
            OomKilled = status.Exit?.OomKilled ?? false,
            Error = status.Exit?.Error,
            Created = record.Created,
            Started = status.Runtime?.Started ?? status.Exit?.Started,
            Finished = status.Exit?.Finished,
            Labels = Labels(record, image.Labels),
            HostName = spec.HostName ?? record.Id[..12],
            Network = NetworkMode.Of(spec).Kind == NetworkModeKind.Networks ? [.. endpoints.Select(endpoint => endpoint.Network)] : [spec.Networks[0].Name],
            Endpoint = endpoints,
            Port = !status.IsRunning ? spec.Ports : endpoints.Count == 0 ? [] : ContainerNetworks.PortsOf(record, [.. view.Ports[record.Id]]),
            Spec = spec,
            LogPath = bundle.Log,
            WritableLayerPath = bundle.Upper,
        };
    }

    /// <summary>The image's labels, overlaid by the container's own.</summary>
    public static IReadOnlyDictionary<string, string> Labels(ContainerRecord record, IReadOnlyDictionary<string, string> ofImage)
    {
        var labels = new Dictionary<string, string>(ofImage);
        foreach (var (key, value) in record.Spec.Labels)
        {
            labels[key] = value;
        }

        return labels;
    }
}
