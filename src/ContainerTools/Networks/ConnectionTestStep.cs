namespace ContainerTools;

/// <summary>One step on the way from one container to another.</summary>
/// <param name="Name"><c>Name</c>, <c>Route</c>, <c>Rule</c> or <c>Listener</c>.</param>
/// <param name="Passed">Whether it went on from here.</param>
/// <param name="Message">What was found.</param>
public sealed record ConnectionTestStep(string Name, bool Passed, string Message)
{
    /// <summary><c>Route: 10.89.4.3 is on eth0</c>.</summary>
    public override string ToString() => $"{Name}: {Message}";
}
