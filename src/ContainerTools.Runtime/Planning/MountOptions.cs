using ContainerTools.Linux.Mounts;

namespace ContainerTools.Runtime.Planning;

/// <summary>Mount options of a config.json, told apart: attributes, propagation, bind, and data for the file system.</summary>
internal sealed record MountOptions
{
    private static readonly Dictionary<string, (MountAttributes Set, MountAttributes Clear)> Attributes = new(StringComparer.Ordinal)
    {
        ["ro"] = (MountAttributes.ReadOnly, 0),
        ["rw"] = (0, MountAttributes.ReadOnly),
        ["nosuid"] = (MountAttributes.NoSuid, 0),
        ["suid"] = (0, MountAttributes.NoSuid),
        ["nodev"] = (MountAttributes.NoDevices, 0),
        ["dev"] = (0, MountAttributes.NoDevices),
        ["noexec"] = (MountAttributes.NoExec, 0),
        ["exec"] = (0, MountAttributes.NoExec),
        ["noatime"] = (MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask),
        ["atime"] = (0, MountAttributes.AccessTimeMask),
        ["relatime"] = (0, MountAttributes.AccessTimeMask),
        ["norelatime"] = (0, MountAttributes.AccessTimeMask),
        ["strictatime"] = (MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask),
        ["nostrictatime"] = (0, MountAttributes.AccessTimeMask),
        ["nodiratime"] = (MountAttributes.NoDirectoryAccessTime, 0),
        ["diratime"] = (0, MountAttributes.NoDirectoryAccessTime),
        ["nosymfollow"] = (MountAttributes.NoSymlinkFollow, 0),
        ["symfollow"] = (0, MountAttributes.NoSymlinkFollow),
    };

    private static readonly Dictionary<string, (MountPropagation Kind, bool Recursive)> Propagations = new(StringComparer.Ordinal)
    {
        ["private"] = (MountPropagation.Private, false),
        ["rprivate"] = (MountPropagation.Private, true),
        ["slave"] = (MountPropagation.Slave, false),
        ["rslave"] = (MountPropagation.Slave, true),
        ["shared"] = (MountPropagation.Shared, false),
        ["rshared"] = (MountPropagation.Shared, true),
        ["unbindable"] = (MountPropagation.Unbindable, false),
        ["runbindable"] = (MountPropagation.Unbindable, true),
    };

    public bool Bind { get; private init; }

    public bool RecursiveBind { get; private init; }

    public MountAttributes Set { get; private init; }

    public MountAttributes Clear { get; private init; }

    public MountAttributes RecursiveSet { get; private init; }

    public MountAttributes RecursiveClear { get; private init; }

    public IReadOnlyList<(MountPropagation Kind, bool Recursive)> Propagation { get; private init; } = [];

    /// <summary>Options for the file system, <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Data { get; private init; } = [];

    /// <summary>Propagation named as in config.json's rootfsPropagation; null when the name is unknown.</summary>
    public static (MountPropagation Kind, bool Recursive)? FindPropagation(string name) => Propagations.TryGetValue(name, out var found) ? found : null;

    /// <summary>Tells options apart; what is neither attribute, propagation nor bind is data.</summary>
    public static MountOptions Parse(IReadOnlyList<string> options)
    {
        MountOptions parsed = new();
        List<(MountPropagation, bool)> propagation = [];
        List<string> data = [];
        foreach (string option in options)
        {
            if (Attributes.TryGetValue(option, out var attribute))
            {
                parsed = parsed with { Set = (parsed.Set & ~attribute.Clear) | attribute.Set, Clear = (parsed.Clear & ~attribute.Set) | attribute.Clear };
            }
            else if (option.Length > 1 && option[0] == 'r' && option != "ro" && Attributes.TryGetValue(option[1..], out attribute))
            {
                parsed = parsed with { RecursiveSet = (parsed.RecursiveSet & ~attribute.Clear) | attribute.Set, RecursiveClear = parsed.RecursiveClear | attribute.Clear };
            }
            else if (Propagations.TryGetValue(option, out var kind))
            {
                propagation.Add(kind);
            }
            else if (option is "bind" or "rbind")
            {
                parsed = parsed with { Bind = true, RecursiveBind = parsed.RecursiveBind || option == "rbind" };
            }
            else if (option is not ("defaults" or "async" or ""))
            {
                data.Add(option);
            }
        }

        return parsed with { Propagation = propagation, Data = data };
    }
}
