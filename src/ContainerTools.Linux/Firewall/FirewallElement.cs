namespace ContainerTools.Linux.Firewall;

/// <summary>An element of a set or map of the table, as nft writes it.</summary>
/// <param name="Set">Name of the set or map.</param>
/// <param name="Text">The element.</param>
internal readonly record struct FirewallElement(string Set, string Text);
