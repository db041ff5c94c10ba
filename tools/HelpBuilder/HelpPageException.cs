namespace HelpBuilder;

/// <summary>A help page that lacks what every page has.</summary>
public sealed class HelpPageException(string message) : Exception(message);
