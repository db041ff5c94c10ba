using System.Text;
using ContainerTools.Linux.Firewall.Nfnetlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>What leads from one state of the firewall to another: elements of sets and maps that go, and others that come; and rules, when policies differ.</summary>
public sealed class FirewallChange
{
    private readonly string _table;
    private readonly IReadOnlyList<FirewallElement> _removed;
    private readonly IReadOnlyList<FirewallElement> _added;

    private readonly string _rules;

    internal FirewallChange(string table, IReadOnlyList<FirewallElement> removed, IReadOnlyList<FirewallElement> added, string rules = "") =>
        (_table, _removed, _added, _rules) = (table, removed, added, rules);

    /// <summary>Whether there is nothing to change.</summary>
    public bool IsEmpty => _removed.Count == 0 && _added.Count == 0 && _rules.Length == 0;

    /// <summary>Whether rules change, which takes commands of nft(8); else <see cref="ToBatch"/> does.</summary>
    public bool ChangesRules => _rules.Length > 0;

    /// <summary>The messages to the kernel, one for each element, so that its errors name the element.</summary>
    /// <exception cref="InvalidOperationException">Rules change.</exception>
    public NfnetlinkBatch ToBatch()
    {
        if (ChangesRules)
        {
            throw new InvalidOperationException("Rules of policies change, which takes commands of nft.");
        }

        var batch = new NfnetlinkBatch();
        foreach (var element in _removed)
        {
            element.Write(batch, NftablesMessage.DeleteSetElement, _table);
        }

        foreach (var element in _added)
        {
            element.Write(batch, NftablesMessage.NewSetElement, _table);
        }

        return batch;
    }

    /// <summary>The same as commands of nft(8).</summary>
    public override string ToString()
    {
        var commands = new StringBuilder(_rules);
        Append(commands, "delete", _removed);
        Append(commands, "add", _added);
        return commands.ToString();
    }

    // One element a line: the line of an error then names the element.
    private void Append(StringBuilder commands, string verb, IEnumerable<FirewallElement> elements)
    {
        foreach (var set in elements.GroupBy(element => element.Set))
        {
            commands.Append(verb).Append(" element inet ").Append(_table).Append(' ').Append(set.Key).Append(" {\n    ");
            commands.AppendJoin(",\n    ", set.Select(element => element.Text)).Append("\n}\n");
        }
    }
}
