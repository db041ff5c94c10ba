using System.Net;
using System.Text.RegularExpressions;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Networks;

/// <summary>Settings of the store that its networks follow, kept in the catalogue for all processes.</summary>
internal sealed partial class EngineSettings(StoreSettings store)
{
    private const string PoolSetting = "address_pool";
    private const string BindSetting = "default_bind_address";
    private const string FirewallSetting = "firewall_backend";

    /// <summary>Where subnets come from, as text.</summary>
    public IReadOnlyList<string> AddressPool => store.Read(PoolSetting) is { } text
        ? text.Split(' ')
        : [.. SubnetPool.Default.Select(pool => FormattableString.Invariant($"base={pool.Pool},size={pool.PrefixLength}"))];

    /// <summary>Where subnets come from.</summary>
    public IReadOnlyList<SubnetPool> Pools => [.. AddressPool.Select(Parse)];

    /// <summary>The host's address that ports are published on when none is named; null means all.</summary>
    public string? DefaultBindAddress => store.Read(BindSetting);

    /// <summary>Who makes the rules.</summary>
    public FirewallBackend FirewallBackend => store.Read(FirewallSetting) is { } text ? Enum.Parse<FirewallBackend>(text) : FirewallBackend.Nftables;

    /// <summary>Changes what is given. Throws <c>InvalidEngineSetting</c>.</summary>
    public void Change(EngineChange change)
    {
        if (change.AddressPool is { } pools)
        {
            _ = pools.Select(Parse).ToList();
            store.Write(PoolSetting, pools.Count == 0 ? null : string.Join(' ', pools));
        }

        if (change.DefaultBindAddress is { } address)
        {
            if (address.Length > 0 && !PortRules.IsAddress(address))
            {
                throw NetworkErrors.Invalid("InvalidEngineSetting", $"'{address}' is no IP address to publish ports on.", address, "Give an address of the host, such as 127.0.0.1, or an empty text for all.");
            }

            store.Write(BindSetting, address.Length == 0 ? null : address);
        }

        if (change.FirewallBackend is { } backend)
        {
            store.Write(FirewallSetting, backend == FirewallBackend.Nftables ? null : backend.ToString());
        }
    }

    private static SubnetPool Parse(string text)
    {
        var match = PoolForm().Match(text);
        if (!match.Success || !IPNetwork.TryParse(match.Groups["base"].Value, out var pool) || !int.TryParse(match.Groups["size"].Value, out var size)
            || size < pool.PrefixLength || size > AddressNumbers.Bits(pool.BaseAddress.AddressFamily) - 2)
        {
            throw NetworkErrors.Invalid("InvalidEngineSetting", $"'{text}' is no address pool.", text, "Write it as base=10.176.0.0/12,size=24: the whole, and the prefix length of one subnet.");
        }

        return pool.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? new SubnetPool(pool, size)
            : throw NetworkErrors.Invalid("InvalidEngineSetting", $"'{text}' is of IPv6, whose subnets are chosen from a unique local prefix of the store's own (RFC 4193).", text, "Name an IPv4 pool.");
    }

    [GeneratedRegex(@"^base=(?<base>[^,]+),size=(?<size>\d{1,3})$")]
    private static partial Regex PoolForm();
}
