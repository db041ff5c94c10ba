namespace HelpBuilder;

/// <summary>One parameter of a page.</summary>
/// <param name="Name">Its name without the dash.</param>
/// <param name="Description">What it does.</param>
/// <param name="Facts">Type, position and so on, from the page's yaml block.</param>
public sealed record HelpParameter(string Name, string Description, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>One fact, or an empty text.</summary>
    public string Fact(string name) => Facts.GetValueOrDefault(name, "");
}
