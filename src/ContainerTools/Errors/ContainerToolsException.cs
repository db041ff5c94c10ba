namespace ContainerTools;

/// <summary>
/// The one exception type that leaves the engine. It names the thing (<see cref="Target"/>), the place (in the message) and the mend
/// (<see cref="RecommendedAction"/>), and carries a <see cref="Code"/> that is stable for the product's life.
/// </summary>
public class ContainerToolsException : Exception
{
    /// <summary>Makes an error of <paramref name="kind"/> with a stable <paramref name="code"/>.</summary>
    /// <param name="kind">The closed kind.</param>
    /// <param name="code">Stable Pascal-case identifier, for example <c>ImageNotFound</c>; becomes the PowerShell ErrorId.</param>
    /// <param name="message">One sentence naming the thing and the place.</param>
    /// <param name="target">The object the error is about, usually its name.</param>
    /// <param name="recommendedAction">What the user can do about it.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public ContainerToolsException(
        ErrorKind kind, string code, string message, object? target = null, string? recommendedAction = null, Exception? innerException = null)
        : base(Printable(message), innerException)
    {
        Kind = kind;
        Code = code;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The closed kind.</summary>
    public ErrorKind Kind { get; }

    /// <summary>Stable Pascal-case identifier, for example <c>ImageNotFound</c>.</summary>
    public string Code { get; }

    /// <summary>The object the error is about, usually its name; <see langword="null"/> when there is none.</summary>
    public object? Target { get; }

    /// <summary>What the user can do about it; <see langword="null"/> when nothing sensible can be said.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The errno of the failed system call (errno(3)), or 0.</summary>
    public int Errno { get; init; }

    /// <summary>The name of the failed system call, or <see langword="null"/>.</summary>
    public string? Syscall { get; init; }

    /// <summary>The path the failed system call was about, or <see langword="null"/>.</summary>
    public string? Path { get; init; }

    /// <summary>A message may quote what a stranger wrote; a terminal must not obey it (escape sequences, characters that turn the direction of writing).</summary>
    private static string Printable(string message) => message.Any(IsUnprintable) ? new string([.. message.Select(letter => IsUnprintable(letter) ? ' ' : letter)]) : message;

    private static bool IsUnprintable(char letter) => (char.IsControl(letter) && letter is not ('\n' or '\t')) || char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.Format;
}
