namespace ContainerTools.Linux.Netlink;

/// <summary>Kind of a link to be made, with the options of that kind (IFLA_LINKINFO).</summary>
public abstract record LinkKind
{
    private protected LinkKind(string name) => Name = name;

    /// <summary>The kernel's name of the kind, as in <see cref="Link.Kind"/>.</summary>
    public string Name { get; }

    /// <summary>Index of the link it is put upon, or null.</summary>
    internal virtual int? LowerLink => null;

    /// <summary>A namespace that the options name, or null.</summary>
    internal virtual NetworkNamespace? OtherNamespace => null;

    /// <summary>Writes IFLA_INFO_DATA.</summary>
    internal abstract void WriteOptions(NetlinkWriter writer);
}
