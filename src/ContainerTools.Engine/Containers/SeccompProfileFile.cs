using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerTools.Linux.Seccomp;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Engine.Containers;

/// <summary>A seccomp profile file in Docker's form: rules may depend on capabilities, architecture and kernel (moby, profiles/seccomp).</summary>
internal static class SeccompProfileFile
{
    private static readonly string Architecture = RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>Reads a profile and keeps the rules that apply. Throws <c>SeccompProfileNotFound</c>, <c>InvalidSeccompProfile</c>.</summary>
    public static SeccompConfig Read(string path, IReadOnlyList<string> capabilities)
    {
        var profile = Parse(path);
        Known(profile.DefaultAction, path);
        return new SeccompConfig
        {
            DefaultAction = profile.DefaultAction,
            DefaultErrnoRet = profile.DefaultErrnoRet,
            Syscalls = [.. profile.Syscalls.Where(rule => Applies(rule, capabilities)).Select(rule => new Oci.RuntimeSpec.SeccompRule
            {
                Names = rule.Names,
                Action = Known(rule.Action, path),
                ErrnoRet = rule.ErrnoRet,
                Args = rule.Args ?? [],
            })],
        };
    }

    private static Document Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SeccompProfileJson.Default.Document)
                ?? throw new JsonException("the file holds null.");
        }
        catch (JsonException error)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "InvalidSeccompProfile",
                $"{path}:{(error.LineNumber ?? 0) + 1}: not a seccomp profile: {error.Message}",
                path,
                "Write it in the form of Docker's default.json.",
                error);
        }
        catch (IOException error)
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "SeccompProfileNotFound", $"The seccomp profile {path} cannot be read: {error.Message}", path, "Use 'default', 'unconfined' or the path of a profile.", error);
        }
    }

    private static string Known(string action, string path) => SeccompNames.TryParseAction(action, out _) ? action : throw new ContainerToolsException(
        ErrorKind.InvalidArgument, "InvalidSeccompProfile", $"{path}: '{action}' is not an action of a seccomp profile.", path, "Use SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_LOG, SCMP_ACT_TRAP or SCMP_ACT_KILL.");

    private static bool Applies(Rule rule, IReadOnlyList<string> capabilities) =>
        (rule.Includes is not { } includes || Matches(includes, capabilities, all: true))
        && (rule.Excludes is not { } excludes || !Matches(excludes, capabilities, all: false));

    private static bool Matches(Condition condition, IReadOnlyList<string> capabilities, bool all)
    {
        var tests = new List<bool>();
        if (condition.Caps is { Count: > 0 } caps)
        {
            tests.Add(all ? caps.All(capabilities.Contains) : caps.Any(capabilities.Contains));
        }

        if (condition.Arches is { Count: > 0 } arches)
        {
            tests.Add(arches.Contains(Architecture));
        }

        if (condition.MinKernel is { } kernel)
        {
            tests.Add(Version.TryParse(kernel, out var version) && Environment.OSVersion.Version >= version);
        }

        return all ? tests.TrueForAll(test => test) : tests.Contains(true);
    }

    internal sealed record Document
    {
        public required string DefaultAction { get; init; }

        public uint? DefaultErrnoRet { get; init; }

        public IReadOnlyList<Rule> Syscalls { get; init; } = [];
    }

    internal sealed record Rule
    {
        public IReadOnlyList<string> Names { get; init; } = [];

        public required string Action { get; init; }

        public uint? ErrnoRet { get; init; }

        public IReadOnlyList<Oci.RuntimeSpec.SeccompArgument>? Args { get; init; }

        public Condition? Includes { get; init; }

        public Condition? Excludes { get; init; }
    }

    internal sealed record Condition
    {
        public IReadOnlyList<string>? Caps { get; init; }

        public IReadOnlyList<string>? Arches { get; init; }

        public string? MinKernel { get; init; }
    }
}

/// <summary>JSON form of profile files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeccompProfileFile.Document))]
internal sealed partial class SeccompProfileJson : JsonSerializerContext;
