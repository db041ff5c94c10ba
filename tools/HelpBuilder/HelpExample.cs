namespace HelpBuilder;

/// <summary>One example of a page.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Code">What to type.</param>
/// <param name="Remarks">What it shows.</param>
public sealed record HelpExample(string Title, string Code, string Remarks);
