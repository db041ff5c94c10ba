using System.Globalization;
using System.Text.Json;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>Instructions that change the image configuration only.</summary>
internal sealed partial class StageExecutor
{
    private StepOutcome Configure(Instruction instruction)
    {
        var config = _state.Config;
        switch (instruction)
        {
            case ArgInstruction argument:
                return Record($"ARG {string.Join(' ', argument.Arguments.Select(Declare))}");
            case EnvInstruction environment:
                var assignments = environment.Pairs.Select(pair => (Name: Expand(pair.Key), Value: Expand(pair.Value))).ToList();
                _state.Config = config with { Environment = assignments.Aggregate(config.Environment ?? [], (list, pair) => Set(list, pair.Name, pair.Value)) };
                return Record($"ENV {string.Join(' ', assignments.Select(pair => $"{pair.Name}={pair.Value}"))}");
            case LabelInstruction label:
                var labels = new Dictionary<string, string>(config.Labels ?? new Dictionary<string, string>());
                foreach (var pair in label.Pairs)
                {
                    labels[Expand(pair.Key)] = Expand(pair.Value);
                }

                _state.Config = config with { Labels = Sorted(labels) };
                return Record($"LABEL {string.Join(' ', label.Pairs.Select(pair => $"{Expand(pair.Key)}={Expand(pair.Value)}"))}");
            case UserInstruction user:
                var name = Expand(user.User);
                _state.Config = config with { User = name.Length > 0 ? name : throw new FormatException($"token '{user.User}' expands to nothing: expected a user") };
                return Record($"USER {name}");
            case ExposeInstruction expose:
                var ports = new WordExpander(session.Graph.Dockerfile.Escape, _state.Lookup).ExpandWords(expose.Ports).SelectMany(Ports).ToList();
                _state.Config = config with { ExposedPorts = Union(config.ExposedPorts, ports) };
                return Record($"EXPOSE {string.Join(' ', ports)}");
            case VolumeInstruction volume:
                var paths = volume.Paths.Select(Expand).ToList();
                if (paths.Exists(string.IsNullOrWhiteSpace))
                {
                    throw new FormatException("unexpected empty path after VOLUME: expected a path");
                }

                _state.Config = config with { Volumes = Union(config.Volumes, paths) };
                return Record($"VOLUME {Json(paths)}");
            case CmdInstruction command:
                _state.CommandSet = true;
                _state.Config = config with { Command = command.Command.Resolve(_state.Shell) };
                return Record($"CMD {Json(_state.Config.Command)}");
            case EntrypointInstruction entrypoint:
                _state.Config = config with { Entrypoint = entrypoint.Command.Resolve(_state.Shell), Command = _state.CommandSet ? config.Command : null };
                return Record($"ENTRYPOINT {Json(_state.Config.Entrypoint)}");
            case ShellInstruction shell:
                _state.Config = config with { Shell = shell.Words };
                return Record($"SHELL {Json(shell.Words)}");
            case StopSignalInstruction signal:
                var stop = Expand(signal.Signal);
                _state.Config = config with { StopSignal = Signals.Parse(stop) is not null ? stop : throw new FormatException($"unexpected signal '{stop}': expected a name or number of signal(7)") };
                return Record($"STOPSIGNAL {stop}");
            case HealthcheckInstruction check:
                _state.Config = config with { Healthcheck = Healthcheck(check) };
                return Record(check.Text);
            case OnbuildInstruction trigger:
                _state.Config = config with { OnBuild = [.. config.OnBuild ?? [], trigger.Trigger] };
                return Record(trigger.Text);
            case MaintainerInstruction maintainer:
                _state.Author = maintainer.Author;
                return Record(maintainer.Text);
            default:
                throw new UnsupportedFeatureException($"{instruction.Text.Split(' ')[0]} is not supported here");
        }
    }

    private string Declare(KeyValuePair<string, string?> argument)
    {
        var globals = session.Graph.GlobalArguments;
        var value = session.Request.BuildArguments.TryGetValue(argument.Key, out var given) ? given
            : argument.Value is not null ? Expand(argument.Value)
            : globals.GetValueOrDefault(argument.Key);
        _state.Arguments[argument.Key] = value;
        return value is null ? argument.Key : $"{argument.Key}={value}";
    }

    private static ImageHealthcheck Healthcheck(HealthcheckInstruction check) => check.Command is not { } command
        ? new ImageHealthcheck { Test = ["NONE"] }
        : new ImageHealthcheck
        {
            Test = command.Words is { } words ? ["CMD", .. words] : ["CMD-SHELL", command.ShellText!],
            Interval = Nanoseconds(check.Interval),
            Timeout = Nanoseconds(check.Timeout),
            StartPeriod = Nanoseconds(check.StartPeriod),
            StartInterval = Nanoseconds(check.StartInterval),
            Retries = check.Retries,
        };

    private static IEnumerable<string> Ports(string word)
    {
        var parts = word.Split('/');
        var protocol = parts.Length == 2 ? parts[1].ToLowerInvariant() : "tcp";
        var range = parts[0].Split('-');
        if (parts.Length <= 2 && protocol is "tcp" or "udp" or "sctp" && range.Length <= 2
            && ushort.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first > 0 && first <= last)
        {
            return Enumerable.Range(first, last - first + 1).Select(port => $"{port.ToString(CultureInfo.InvariantCulture)}/{protocol}");
        }

        throw new FormatException($"unexpected port '{word}': expected 1 to 65535 or a range, with /tcp, /udp or /sctp if any");
    }

    private static IReadOnlyList<string> Set(IReadOnlyList<string> environment, string name, string value)
    {
        var assignment = $"{name}={value}";
        var found = environment.Any(item => item.StartsWith(name + "=", StringComparison.Ordinal));
        return found ? [.. environment.Select(item => item.StartsWith(name + "=", StringComparison.Ordinal) ? assignment : item)] : [.. environment, assignment];
    }

    private static SortedDictionary<string, string> Sorted(IDictionary<string, string> labels) => new(labels, StringComparer.Ordinal);

    private static SortedDictionary<string, EmptyObject> Union(IReadOnlyDictionary<string, EmptyObject>? set, IEnumerable<string> names)
    {
        var union = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var name in (set?.Keys ?? []).Concat(names))
        {
            union[name] = EmptyObject.Value;
        }

        return union;
    }

    private static string Json(IReadOnlyList<string>? words) => $"[{string.Join(' ', (words ?? []).Select(word => $"\"{JsonEncodedText.Encode(word, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}]";

    private static long? Nanoseconds(TimeSpan? time) => time is { } value ? value.Ticks * TimeSpan.NanosecondsPerTick : null;
}
