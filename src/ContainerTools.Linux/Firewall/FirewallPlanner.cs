using System.Text;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// Plans the rules of container networks as nftables commands, without touching the system. All is in the table <c>inet containertools</c>.
/// </summary>
public static class FirewallPlanner
{
    /// <summary>The commands that make the whole table, whatever was there of it.</summary>
    /// <param name="networks">All networks with all their published ports.</param>
    /// <exception cref="ArgumentException">A name, address or port cannot be, or two ports of the host overlap.</exception>
    public static string Establish(IReadOnlyList<FirewallNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        FirewallValidation.Check(networks);
        var commands = new StringBuilder(FirewallTable.Commands);
        Append(commands, "add", FirewallElements.Of(networks));
        return commands.ToString();
    }

    /// <summary>The commands that lead from one state to another, as small as the difference; empty when there is none. The table must be there.</summary>
    /// <param name="before">Networks as they are. Those that stay unchanged may be left out of both lists, and so may, together, all ports of a container.</param>
    /// <param name="after">The same networks as they shall be.</param>
    /// <exception cref="ArgumentException">A name, address or port cannot be, or two ports of the host overlap.</exception>
    public static string Change(IReadOnlyList<FirewallNetwork> before, IReadOnlyList<FirewallNetwork> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        FirewallValidation.Check(before);
        FirewallValidation.Check(after);
        var (old, young) = (FirewallElements.Of(before).ToList(), FirewallElements.Of(after).ToList());
        var commands = new StringBuilder();
        Append(commands, "delete", old.Except(young));
        Append(commands, "add", young.Except(old));
        return commands.ToString();
    }

    /// <summary>The commands that remove the table, whether it is there or not.</summary>
    public static string Remove() => $"add table {FirewallTable.Name}\ndelete table {FirewallTable.Name}\n";

    // One element a line: the line of an error then names the element.
    private static void Append(StringBuilder commands, string verb, IEnumerable<FirewallElement> elements)
    {
        foreach (var set in elements.GroupBy(element => element.Set))
        {
            commands.Append(verb).Append(" element ").Append(FirewallTable.Name).Append(' ').Append(set.Key).Append(" {\n    ");
            commands.AppendJoin(",\n    ", set.Select(element => element.Text)).Append("\n}\n");
        }
    }
}
