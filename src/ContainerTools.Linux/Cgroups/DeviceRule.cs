using System.Globalization;

namespace ContainerTools.Linux.Cgroups;

/// <summary>One line of a container's device list; later rules change what earlier ones said, as with devices.allow and devices.deny.</summary>
/// <param name="Allow">Allow or deny.</param>
/// <param name="Type">Kind of device; <see cref="DeviceType.All"/> sets the default and forgets all earlier rules.</param>
/// <param name="Major">Major number; null for any.</param>
/// <param name="Minor">Minor number; null for any.</param>
/// <param name="Access">What the rule is about.</param>
public sealed record DeviceRule(bool Allow, DeviceType Type, int? Major, int? Minor, DeviceAccess Access)
{
    /// <summary>Nothing is allowed.</summary>
    public static DeviceRule DenyAll { get; } = new(false, DeviceType.All, null, null, DeviceAccess.All);

    /// <summary>Everything is allowed.</summary>
    public static DeviceRule AllowAll { get; } = new(true, DeviceType.All, null, null, DeviceAccess.All);

    /// <summary>What every container needs and may have: making any node; null, zero, full, random, urandom, tty, ptmx and pseudo-terminals.</summary>
    public static IReadOnlyList<DeviceRule> Basic { get; } =
    [
        new(true, DeviceType.Character, null, null, DeviceAccess.Mknod),
        new(true, DeviceType.Block, null, null, DeviceAccess.Mknod),
        new(true, DeviceType.Character, 1, 3, DeviceAccess.All),
        new(true, DeviceType.Character, 1, 5, DeviceAccess.All),
        new(true, DeviceType.Character, 1, 7, DeviceAccess.All),
        new(true, DeviceType.Character, 1, 8, DeviceAccess.All),
        new(true, DeviceType.Character, 1, 9, DeviceAccess.All),
        new(true, DeviceType.Character, 5, 0, DeviceAccess.All),
        new(true, DeviceType.Character, 5, 2, DeviceAccess.All),
        new(true, DeviceType.Character, 136, null, DeviceAccess.All),
    ];

    /// <summary>The rule as the v1 controller reads it: <c>c 1:3 rwm</c>.</summary>
    public string ToControllerText()
    {
        if (Type == DeviceType.All)
        {
            return "a";
        }

        static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var access = (Access.HasFlag(DeviceAccess.Read) ? "r" : "") + (Access.HasFlag(DeviceAccess.Write) ? "w" : "") + (Access.HasFlag(DeviceAccess.Mknod) ? "m" : "");
        return $"{(Type == DeviceType.Character ? 'c' : 'b')} {Number(Major)}:{Number(Minor)} {access}";
    }
}
