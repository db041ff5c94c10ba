using System.Text;

namespace ContainerTools.Linux.Netlink;

/// <summary>Names of links.</summary>
public static class LinkName
{
    /// <summary>The most bytes (UTF-8) of a name: IFNAMSIZ of linux/if.h, less the NUL.</summary>
    public const int MaximumLength = 15;

    /// <summary>Returns the name if a link can have it (dev_valid_name of the kernel, and no <c>%</c>, which the kernel takes for a pattern when it makes a link).</summary>
    /// <exception cref="ArgumentException">The name is empty, too long, <c>.</c> or <c>..</c>, or holds a blank, a control character, <c>/</c>, <c>:</c> or <c>%</c>.</exception>
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int length = Encoding.UTF8.GetByteCount(name);
        if (length > MaximumLength)
        {
            throw new ArgumentException($"The link name '{name}' is {length} bytes long, and the kernel takes {MaximumLength} at most. Choose a shorter one.", nameof(name));
        }

        if (name is "." or ".." || name.Any(character => character is '/' or ':' or '%' || char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            throw new ArgumentException($"No link can be named '{name}': a name holds no blank, control character, '/', ':' or '%', and is not '.' or '..'.", nameof(name));
        }

        return name;
    }
}
