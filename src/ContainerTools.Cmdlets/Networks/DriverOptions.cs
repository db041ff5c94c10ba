using System.Globalization;

namespace ContainerTools.Cmdlets;

/// <summary>The options of Docker's and podman's network drivers, as members of a network.</summary>
internal static class DriverOptions
{
    private const string Bridge = "com.docker.network.bridge.";

    private static readonly Dictionary<string, (string Parameter, Func<NetworkSpec, string, NetworkSpec> Apply)> Known = new(StringComparer.Ordinal)
    {
        [Bridge + "name"] = (nameof(NetworkSpec.InterfaceName), (spec, value) => spec with { InterfaceName = value }),
        [Bridge + "enable_icc"] = (nameof(NetworkSpec.Icc), (spec, value) => spec with { Icc = Switch(value) }),
        [Bridge + "enable_ip_masquerade"] = (nameof(NetworkSpec.GatewayMode), (spec, value) => spec with { GatewayMode = Switch(value) ? GatewayMode.Nat : GatewayMode.Routed }),
        [Bridge + "gateway_mode_ipv4"] = (nameof(NetworkSpec.GatewayMode), (spec, value) => spec with { GatewayMode = Mode<GatewayMode>(value) }),
        [Bridge + "gateway_mode_ipv6"] = (nameof(NetworkSpec.GatewayMode), (spec, value) => spec with { GatewayMode = Mode<GatewayMode>(value) }),
        ["com.docker.network.driver.mtu"] = (nameof(NetworkSpec.Mtu), (spec, value) => spec with { Mtu = Number(value) }),
        ["com.docker.network.enable_ipv6"] = (nameof(NetworkSpec.IPv6), (spec, value) => spec with { IPv6 = Switch(value) }),
        ["parent"] = (nameof(NetworkSpec.Parent), (spec, value) => spec with { Parent = value }),
        ["macvlan_mode"] = (nameof(NetworkSpec.MacvlanMode), (spec, value) => spec with { MacvlanMode = Mode<MacvlanMode>(value) }),
        ["ipvlan_mode"] = (nameof(NetworkSpec.IpvlanMode), (spec, value) => spec with { IpvlanMode = Mode<IpvlanMode>(value) }),
        ["vlan"] = (nameof(NetworkSpec.Vlan), (spec, value) => spec with { Vlan = Number(value) }),
        ["vrf"] = (nameof(NetworkSpec.Vrf), (spec, value) => spec with { Vrf = value }),
    };

    public static IEnumerable<string> Keys => Known.Keys;

    /// <summary>Throws <c>InvalidNetworkOption</c> for an option that is not known, has no such value, or contradicts another option or a parameter.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="options">Options with values.</param>
    /// <param name="given">Parameters that were given.</param>
    public static NetworkSpec Apply(NetworkSpec spec, IReadOnlyDictionary<string, string> options, ICollection<string> given)
    {
        var before = new Dictionary<string, (string Option, object? Value)>();
        foreach (var (name, value) in options)
        {
            if (!Known.TryGetValue(name, out var option))
            {
                throw Invalid(name, $"The option '{name}' is not known.", $"Known are {string.Join(", ", Known.Keys)}.");
            }

            if (given.Contains(option.Parameter))
            {
                throw Invalid(name, $"The option '{name}' and -{option.Parameter} are about the same.", "Leave one of them out.");
            }

            try
            {
                spec = option.Apply(spec, value);
            }
            catch (FormatException e)
            {
                throw Invalid(name, $"The option '{name}' cannot be '{value}'.", e.Message);
            }

            var set = typeof(NetworkSpec).GetProperty(option.Parameter)!.GetValue(spec);
            if (before.TryGetValue(option.Parameter, out var other) && !Equals(other.Value, set))
            {
                throw Invalid(name, $"The options '{other.Option}' and '{name}' contradict each other: a network has one {option.Parameter}, for IPv4 and IPv6.", "Leave one of them out.");
            }

            before[option.Parameter] = (name, set);
        }

        return spec;
    }

    private static bool Switch(string value) => value.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new FormatException("It is true or false."),
    };

    private static int Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("It is a number.");

    private static T Mode<T>(string value)
        where T : struct, Enum
    {
        // Docker's words are lower case, with dashes.
        var word = value.Replace("-", "", StringComparison.Ordinal);
        return Enum.GetNames<T>().FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw new FormatException($"It is one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static ContainerToolsException Invalid(string name, string message, string action) => new(ErrorKind.InvalidArgument, "InvalidNetworkOption", message, name, action);
}
