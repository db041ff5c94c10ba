using System.Text.Json.Nodes;
using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Containers;

/// <summary>The JSON that <c>docker inspect</c> users know, as far as this engine has the facts.</summary>
internal static class ContainerInspection
{
    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ToJson(Container container, IReadOnlyDictionary<string, NetworkRecord> networks)
    {
        var spec = container.Spec;
        return new JsonObject
        {
            ["Id"] = container.Id,
            ["Created"] = container.Created.UtcDateTime,
            ["Path"] = container.Command[0],
            ["Args"] = Array([.. container.Command.Skip(1)]),
            ["State"] = new JsonObject
            {
                ["Status"] = container.State switch
                {
                    ContainerState.Dead => "dead",
                    var state => state.ToString().ToLowerInvariant(),
                },
                ["Running"] = container.State is ContainerState.Running or ContainerState.Paused,
                ["Paused"] = container.State == ContainerState.Paused,
                ["OOMKilled"] = container.OomKilled,
                ["Dead"] = container.State == ContainerState.Dead,
                ["Pid"] = container.Pid ?? 0,
                ["ExitCode"] = container.ExitCode ?? 0,
                ["Error"] = container.Error ?? "",
                ["StartedAt"] = container.Started?.UtcDateTime,
                ["FinishedAt"] = container.Finished?.UtcDateTime,
            },
            ["Image"] = container.ImageId,
            ["Name"] = "/" + container.Name,
            ["LogPath"] = container.LogPath,
            ["HostConfig"] = new JsonObject
            {
                ["Binds"] = Array([.. spec.Mounts.Select(mount => mount.ToString())]),
                ["NetworkMode"] = container.Network.Count > 0 ? container.Network[0] : "none",
                ["PortBindings"] = NetworkInspection.Bindings(spec.Ports),
                ["PublishAllPorts"] = spec.PublishAll,
                ["Dns"] = Array(spec.Dns),
                ["DnsSearch"] = Array(spec.DnsSearch ?? []),
                ["DnsOptions"] = Array(spec.DnsOptions),
                ["ExtraHosts"] = Array([.. spec.ExtraHosts.Select(host => $"{host.Key}:{host.Value}")]),
                ["AutoRemove"] = spec.Remove,
                ["Privileged"] = spec.Privileged,
                ["ReadonlyRootfs"] = spec.ReadOnly,
                ["Memory"] = spec.Memory ?? 0,
                ["MemorySwap"] = spec.MemorySwap ?? (spec.Memory is { } memory ? memory * 2 : 0),
                ["NanoCpus"] = (long)((spec.Cpu ?? 0) * 1e9),
                ["CpusetCpus"] = spec.CpuSet ?? "",
                ["PidsLimit"] = spec.PidsLimit,
                ["CapAdd"] = Array(spec.CapabilityAdd),
                ["CapDrop"] = Array(spec.CapabilityDrop),
                ["Init"] = spec.Init,
            },
            ["Config"] = new JsonObject
            {
                ["Hostname"] = container.HostName,
                ["User"] = spec.User ?? "",
                ["Env"] = Array([.. spec.Environment.Select(pair => $"{pair.Key}={pair.Value}")]),
                ["Cmd"] = Array(spec.Command ?? []),
                ["Entrypoint"] = Array(spec.Entrypoint ?? []),
                ["Image"] = container.Image,
                ["WorkingDir"] = spec.WorkingDirectory ?? "",
                ["Labels"] = new JsonObject(container.Labels.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["StopSignal"] = spec.StopSignal,
                ["OpenStdin"] = spec.Interactive,
            },
            ["NetworkSettings"] = NetworkInspection.Settings(container, networks),
        }.ToJsonString(Indented);
    }

    private static JsonArray Array(IReadOnlyList<string> items) => [.. items.Select(item => (JsonNode?)item)];
}
