using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Networks;

/// <summary>Names of networks and policies.</summary>
internal static partial class NetworkNames
{
    /// <summary>Throws <c>InvalidNetworkName</c>.</summary>
    public static void Check(string name)
    {
        if (!Pattern().IsMatch(name) || NetworkMode.IsReserved(name))
        {
            throw NetworkErrors.Invalid(
                "InvalidNetworkName", $"A network cannot be named '{name}'.", name, "Begin with a letter or digit, go on with letters, digits, '_', '.' and '-', at most 63 characters; 'none' and 'host' are taken.");
        }
    }

    /// <summary>Throws <c>InvalidPolicy</c>.</summary>
    public static void CheckPolicy(string name)
    {
        if (!Pattern().IsMatch(name))
        {
            throw NetworkErrors.Invalid("InvalidPolicy", $"A policy cannot be named '{name}'.", name, "Begin with a letter or digit, go on with letters, digits, '_', '.' and '-', at most 63 characters.");
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$")]
    private static partial Regex Pattern();
}
