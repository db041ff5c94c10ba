namespace ContainerTools.Oci;

/// <summary>A reference, digest or document that does not follow its format. The message names the offending text and the rule.</summary>
public sealed class OciFormatException : FormatException
{
    /// <summary>Makes the error.</summary>
    /// <param name="code">Stable Pascal-case identifier, for example <c>InvalidImageReference</c>.</param>
    /// <param name="message">One sentence naming the text and the rule it breaks.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public OciFormatException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable Pascal-case identifier, for example <c>InvalidImageReference</c>.</summary>
    public string Code { get; }
}
