using System.Globalization;

namespace ContainerTools.Linux.Netlink;

/// <summary>A link, named by index or by name; converts from both.</summary>
public readonly record struct LinkReference
{
    private LinkReference(int index, string? name) => (Index, Name) = (index, name);

    /// <summary>Index, or 0 when it goes by name.</summary>
    public int Index { get; }

    /// <summary>Name, or null when it goes by index.</summary>
    public string? Name { get; }

    /// <summary>The link of that index. Throws <see cref="ArgumentOutOfRangeException"/> when it is not positive.</summary>
    public static implicit operator LinkReference(int index) => FromInt32(index);

    /// <summary>The link of that name. Throws <see cref="ArgumentException"/> when no link can have it.</summary>
    public static implicit operator LinkReference(string name) => FromString(name);

    /// <summary>The link of that index. Throws <see cref="ArgumentOutOfRangeException"/> when it is not positive.</summary>
    public static LinkReference FromInt32(int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        return new(index, null);
    }

    /// <summary>The link of that name. Throws <see cref="ArgumentException"/> when no link can have it.</summary>
    public static LinkReference FromString(string name) => new(0, LinkName.Check(name));

    /// <summary>The name, or <c>link 5</c>.</summary>
    public override string ToString() => Name ?? string.Create(CultureInfo.InvariantCulture, $"link {Index}");
}
