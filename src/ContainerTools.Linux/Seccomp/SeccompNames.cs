namespace ContainerTools.Linux.Seccomp;

/// <summary>The words of the OCI runtime specification (and libseccomp) for actions and comparisons.</summary>
public static class SeccompNames
{
    /// <summary>The action of a name such as <c>SCMP_ACT_ERRNO</c>; false for a name that is unknown or not supported (SCMP_ACT_NOTIFY).</summary>
    public static bool TryParseAction(string name, out SeccompAction action)
    {
        (var known, action) = name switch
        {
            "SCMP_ACT_ALLOW" => (true, SeccompAction.Allow),
            "SCMP_ACT_ERRNO" => (true, SeccompAction.Errno),
            "SCMP_ACT_LOG" => (true, SeccompAction.Log),
            "SCMP_ACT_TRAP" => (true, SeccompAction.Trap),
            "SCMP_ACT_TRACE" => (true, SeccompAction.Trace),
            "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => (true, SeccompAction.KillThread),
            "SCMP_ACT_KILL_PROCESS" => (true, SeccompAction.KillProcess),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The comparison of a name such as <c>SCMP_CMP_MASKED_EQ</c>; false for an unknown name.</summary>
    public static bool TryParseComparison(string name, out SeccompComparison comparison)
    {
        (var known, comparison) = name switch
        {
            "SCMP_CMP_EQ" => (true, SeccompComparison.Equal),
            "SCMP_CMP_NE" => (true, SeccompComparison.NotEqual),
            "SCMP_CMP_LT" => (true, SeccompComparison.Less),
            "SCMP_CMP_LE" => (true, SeccompComparison.LessOrEqual),
            "SCMP_CMP_GT" => (true, SeccompComparison.Greater),
            "SCMP_CMP_GE" => (true, SeccompComparison.GreaterOrEqual),
            "SCMP_CMP_MASKED_EQ" => (true, SeccompComparison.MaskedEqual),
            _ => (false, default),
        };
        return known;
    }
}
