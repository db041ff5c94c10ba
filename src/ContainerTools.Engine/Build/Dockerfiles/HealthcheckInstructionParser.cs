using System.Globalization;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary><c>HEALTHCHECK [options] CMD command</c> and <c>HEALTHCHECK NONE</c>.</summary>
internal static class HealthcheckInstructionParser
{
    /// <summary>Parses; malformed input raises <see cref="FormatException"/>.</summary>
    public static HealthcheckInstruction Parse(DockerfileLine line, char escape, Func<string, CommandLine> toCommand)
    {
        var text = line.Arguments;
        var times = new Dictionary<string, TimeSpan>();
        int? retries = null;
        foreach (var (name, value) in InstructionWords.TakeFlags(ref text, escape))
        {
            switch (name)
            {
                case "interval" or "timeout" or "start-period" or "start-interval":
                    times[name] = GoDuration.TryParse(value ?? "", out var time) && (time == TimeSpan.Zero || time >= TimeSpan.FromMilliseconds(1))
                        ? time
                        : throw new FormatException($"unexpected duration '{value}' of --{name}: expected for example 30s or 1m30s");
                    break;
                case "retries":
                    retries = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                        ? count
                        : throw new FormatException($"unexpected value '{value}' of --retries: expected a number");
                    break;
                default:
                    throw InstructionParser.UnknownFlag("HEALTHCHECK", name, value, ["interval", "timeout", "start-period", "start-interval", "retries"]);
            }
        }

        var kind = InstructionParser.FirstWord(text).ToUpperInvariant();
        var rest = text[kind.Length..].Trim();
        var command = kind switch
        {
            "CMD" when rest.Length > 0 => toCommand(rest),
            "CMD" => throw new FormatException("unexpected end of line after HEALTHCHECK CMD: expected a command"),
            "NONE" when rest.Length == 0 && times.Count == 0 && retries is null => null,
            "NONE" => throw new FormatException("unexpected token with HEALTHCHECK NONE: expected nothing else"),
            _ => throw new FormatException($"unexpected token '{InstructionParser.FirstWord(text)}' after HEALTHCHECK: expected CMD or NONE"),
        };
        return new HealthcheckInstruction(line.Line, line.Text, command, Time("interval"), Time("timeout"), Time("start-period"), Time("start-interval"), retries is 0 ? null : retries);

        TimeSpan? Time(string name) => times.TryGetValue(name, out var time) && time > TimeSpan.Zero ? time : null;
    }
}
