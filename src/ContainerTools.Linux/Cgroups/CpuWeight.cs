namespace ContainerTools.Linux.Cgroups;

/// <summary>Converts between the processor shares of v1 (2 to 262144) and the weight of v2 (1 to 10000), end to end as runtimes agree on.</summary>
public static class CpuWeight
{
    /// <summary>v1 shares to v2 weight.</summary>
    public static ulong FromShares(ulong shares) => 1 + ((Math.Clamp(shares, 2, 262144) - 2) * 9999 / 262142);

    /// <summary>v2 weight to v1 shares.</summary>
    public static ulong ToShares(ulong weight) => 2 + ((Math.Clamp(weight, 1, 10000) - 1) * 262142 / 9999);
}
