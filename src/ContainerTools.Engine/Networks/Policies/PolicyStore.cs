using System.Text.Json;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Networks.Policies;

/// <summary>Policies of the catalogue.</summary>
internal sealed class PolicyStore(Catalog catalog)
{
    /// <summary>All policies, by name.</summary>
    public IReadOnlyList<NetworkPolicy> List() => catalog.Read(connection => connection.Query(
        "SELECT spec FROM network_policies ORDER BY name", row => JsonSerializer.Deserialize(row.GetString(0), NetworkJson.Default.NetworkPolicy)!));

    /// <summary>Adds one. Throws <c>PolicyNameInUse</c>.</summary>
    public NetworkPolicy Add(NetworkPolicy policy) => catalog.Write(connection =>
    {
        var dated = policy with { Created = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) };
        return connection.Execute(
            "INSERT OR IGNORE INTO network_policies (name, spec) VALUES ($name, $spec)",
            ("$name", policy.Name),
            ("$spec", JsonSerializer.Serialize(dated, NetworkJson.Default.NetworkPolicy))) > 0
            ? dated
            : throw new ContainerToolsException(
                ErrorKind.AlreadyExists, "PolicyNameInUse", $"There is a policy '{policy.Name}' already.", policy.Name, $"Choose another name, or remove it (Remove-ContainerNetworkPolicy {policy.Name}).");
    });

    /// <summary>Removes one. Throws <c>PolicyNotFound</c>.</summary>
    public void Remove(string name)
    {
        if (catalog.WriteFreeing(connection => connection.Execute("DELETE FROM network_policies WHERE name = $name", ("$name", name))) == 0)
        {
            throw new ContainerToolsException(ErrorKind.NotFound, "PolicyNotFound", $"There is no policy '{name}'.", name, "Get-ContainerNetworkPolicy lists the policies of this store.");
        }
    }
}
