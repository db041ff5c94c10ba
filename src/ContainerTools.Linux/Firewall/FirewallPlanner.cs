namespace ContainerTools.Linux.Firewall;

/// <summary>Plans the rules of container networks, without touching the system. All is in one table of the family inet.</summary>
public static class FirewallPlanner
{
    /// <summary>The commands of nft(8) that make the whole table, whatever was there of it.</summary>
    /// <param name="table">Name of the table; see <see cref="FirewallTable.DefaultName"/>.</param>
    /// <param name="host">All networks with all their published ports.</param>
    /// <exception cref="ArgumentException">A name, address or port cannot be, or two ports of the host overlap.</exception>
    public static string Establish(string table, FirewallHost host)
    {
        FirewallValidation.CheckTable(table);
        FirewallValidation.Check(host);
        return FirewallTable.Commands(table) + new FirewallChange(table, [], [.. FirewallElements.Of(host)], FirewallPolicyRules.Change(table, [], host.Policies));
    }

    /// <summary>What leads from one state to another, as small as the difference. The table must be there.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="before">
    /// The host as it is. What stays unchanged may be left out of both states: networks, policies, addresses in policies and, together, all ports of a container. But where a
    /// policy comes, goes or gets other rules, all policies must be there with all their addresses.
    /// </param>
    /// <param name="after">The same as it shall be.</param>
    /// <exception cref="ArgumentException">A name, address or port cannot be, or two ports of the host overlap.</exception>
    public static FirewallChange Change(string table, FirewallHost before, FirewallHost after)
    {
        FirewallValidation.CheckTable(table);
        FirewallValidation.Check(before);
        FirewallValidation.Check(after);
        var (old, young) = (FirewallElements.Of(before).ToList(), FirewallElements.Of(after).ToList());
        var gone = FirewallPolicyRules.GoneSets(before.Policies, after.Policies).ToHashSet(StringComparer.Ordinal);
        return new(
            table, [.. old.Except(young).Where(element => !gone.Contains(element.Set))], [.. young.Except(old)], FirewallPolicyRules.Change(table, before.Policies, after.Policies));
    }

    /// <summary>
    /// What takes a container out, to be kept as bytes for whoever sees the container's end: see <see cref="Nfnetlink.NfnetlinkSocket.Remove(ReadOnlySpan{byte})"/>. Its networks stay.
    /// </summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="container">The container's networks with all ports of the container and no other, and its addresses in policies.</param>
    /// <exception cref="ArgumentException">A name, address or port cannot be.</exception>
    public static FirewallChange Removal(string table, FirewallHost container)
    {
        FirewallValidation.CheckTable(table);
        FirewallValidation.Check(container);
        return new(table, [.. FirewallElements.OfContainers(container)], []);
    }

    /// <summary>The commands of nft(8) that remove the table, whether it is there or not.</summary>
    /// <param name="table">Name of the table.</param>
    /// <exception cref="ArgumentException">The name cannot be.</exception>
    public static string Remove(string table)
    {
        FirewallValidation.CheckTable(table);
        return $"add table inet {table}\ndelete table inet {table}\n";
    }
}
