using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>Seccomp profiles by name or file.</summary>
internal static class SeccompProfiles
{
    /// <summary>The profile's rules for a container with these capabilities; null for <c>unconfined</c>. Throws <c>InvalidSeccompProfile</c>.</summary>
    public static SeccompConfig? Load(string profile, IReadOnlyList<string> capabilities)
    {
        _ = capabilities;
        return profile switch
        {
            "unconfined" => null,
            _ => throw new NotSupportedException(profile),
        };
    }
}
