using System.Text;

namespace ContainerTools.Linux.Starting;

/// <summary>One step of a child between clone and exec: a system call and what its outcome means.</summary>
public sealed record Operation
{
    /// <summary>The call.</summary>
    public required SystemCall Call { get; init; }

    /// <summary>Its arguments, six at most.</summary>
    public required IReadOnlyList<Operand> Arguments { get; init; }

    /// <summary>What the step does, as the subject of an error sentence: <c>mount tmpfs on /dev</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Path it is about, or null.</summary>
    public string? Path { get; init; }

    /// <summary>Slot that takes the result; -1 for none.</summary>
    public int Result { get; init; } = -1;

    /// <summary>errnos that are no failure, four at most.</summary>
    public IReadOnlyList<int> Tolerated { get; init; } = [];

    /// <summary>Slot that takes the errno when it is the first of <see cref="Tolerated"/>; -1 for none.</summary>
    public int ErrorSlot { get; init; } = -1;

    /// <summary>Operations passed over after success.</summary>
    public int SkipOnSuccess { get; set; }

    /// <summary>Operations passed over after a tolerated errno.</summary>
    public int SkipOnTolerated { get; set; }

    /// <summary>One line for people and tests.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(SystemCallNumber.Name(Call)).Append('(').AppendJoin(", ", Arguments).Append(')');
        if (Result >= 0)
        {
            text.Append(" -> $").Append(Result);
        }

        if (SkipOnSuccess > 0)
        {
            text.Append(" ok+").Append(SkipOnSuccess);
        }

        if (Tolerated.Count > 0)
        {
            text.Append(" allow ").AppendJoin(',', Tolerated);
            if (SkipOnTolerated > 0)
            {
                text.Append('+').Append(SkipOnTolerated);
            }
        }

        return text.Append("  # ").Append(Purpose).ToString();
    }
}
