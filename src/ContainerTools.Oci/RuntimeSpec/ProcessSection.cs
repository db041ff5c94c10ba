using System.Text.Json;
using ContainerTools.Oci.Json;

namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>The program a container runs, and as whom.</summary>
public sealed record ProcessSection
{
    /// <summary>Give it a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>First size of the terminal.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>Who it runs as; root when left out.</summary>
    public ProcessUser User { get; init => field = value ?? new(); } = new();

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    /// <summary>Environment, <c>NAME=VALUE</c> each.</summary>
    public IReadOnlyList<string> Env { get; init => field = value ?? []; } = [];

    /// <summary>Working directory, absolute.</summary>
    public required string Cwd { get; init; }

    /// <summary>Capabilities; null keeps none.</summary>
    public CapabilitySets? Capabilities { get; init; }

    /// <summary>Resource limits.</summary>
    public IReadOnlyList<ResourceLimit> Rlimits { get; init => field = value ?? []; } = [];

    /// <summary>Set no_new_privs, so that no set-user-id file raises privileges.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>oom_score_adj; null leaves it.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>AppArmor profile; not supported.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>SELinux label; not supported.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>Reads a process section from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not a process section.</exception>
    public static ProcessSection Parse(ReadOnlySpan<byte> json) =>
        JsonMembers.TryRead(json, RuntimeConfigReading.Process)
        ?? JsonSerializer.Deserialize(json, RuntimeSpecJson.Default.ProcessSection)
        ?? throw new JsonException("The process section is null.");
}
