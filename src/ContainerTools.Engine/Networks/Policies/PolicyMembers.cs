namespace ContainerTools.Engine.Networks.Policies;

/// <summary>A policy with the addresses of the containers that it fits.</summary>
/// <param name="Id">Identity in the rules.</param>
/// <param name="Denies">Whether it denies.</param>
/// <param name="From">Who connects.</param>
/// <param name="To">Who is connected to.</param>
/// <param name="Ports">Ports as written.</param>
internal sealed record PolicyMembers(string Id, bool Denies, IReadOnlyList<string> From, IReadOnlyList<string> To, IReadOnlyList<string> Ports);
