using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Networks;

/// <summary>Names by which containers are found.</summary>
internal static partial class HostNames
{
    /// <summary>Labels of 1 to 63 letters, digits, '-' and '_' with dots between, 253 characters in all (RFC 1035; '_' is in wide use).</summary>
    public static bool IsValid(string name) => name.Length <= 253 && Pattern().IsMatch(name);

    [GeneratedRegex(@"^(?!-)[a-zA-Z0-9_-]{1,63}(\.(?!-)[a-zA-Z0-9_-]{1,63})*$")]
    private static partial Regex Pattern();
}
