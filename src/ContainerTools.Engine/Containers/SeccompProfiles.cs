using System.Text.Json;
using ContainerTools.Linux.Seccomp;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>Seccomp profiles by name or file.</summary>
internal static class SeccompProfiles
{
    /// <summary>The rules for a container with these capabilities; null for <c>unconfined</c>. Throws <c>InvalidSeccompProfile</c>, <c>SeccompProfileNotFound</c>.</summary>
    public static SeccompConfig? Load(string profile, IReadOnlyList<string> capabilities) => profile switch
    {
        "unconfined" => null,
        "default" => ToConfig(SeccompDefaultProfile.Create(capabilities)),
        _ => SeccompProfileFile.Read(profile, capabilities),
    };

    private static SeccompConfig ToConfig(SeccompProfile profile) => new()
    {
        DefaultAction = Name(profile.DefaultAction),
        DefaultErrnoRet = (uint?)profile.DefaultErrno,
        Syscalls = [.. profile.Rules.Select(rule => new Oci.RuntimeSpec.SeccompRule
        {
            Names = rule.Names,
            Action = Name(rule.Action),
            ErrnoRet = (uint?)rule.Errno,
            Args = [.. rule.Arguments.Select(argument => new Oci.RuntimeSpec.SeccompArgument
            {
                Index = (uint)argument.Index,
                Op = Name(argument.Comparison),
                Value = argument.Value,
                ValueTwo = argument.SecondValue,
            })],
        })],
    };

    private static string Name(SeccompAction action) => "SCMP_ACT_" + JsonNamingPolicy.SnakeCaseUpper.ConvertName(action.ToString());

    private static string Name(SeccompComparison comparison) => comparison switch
    {
        SeccompComparison.Equal => "SCMP_CMP_EQ",
        SeccompComparison.NotEqual => "SCMP_CMP_NE",
        SeccompComparison.Less => "SCMP_CMP_LT",
        SeccompComparison.LessOrEqual => "SCMP_CMP_LE",
        SeccompComparison.Greater => "SCMP_CMP_GT",
        SeccompComparison.GreaterOrEqual => "SCMP_CMP_GE",
        _ => "SCMP_CMP_MASKED_EQ",
    };
}
