namespace ContainerTools.Linux.Cgroups;

/// <summary>What may be done with a device; the values are the kernel's BPF_DEVCG_ACC_*.</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Make its node.</summary>
    Mknod = 1,

    /// <summary>Read.</summary>
    Read = 2,

    /// <summary>Write.</summary>
    Write = 4,

    /// <summary>All three.</summary>
    All = Mknod | Read | Write,
}
