namespace ContainerTools.Runtime.Commands;

/// <summary>Options before the command.</summary>
/// <param name="StateRoot">Directory of runtime state.</param>
/// <param name="LogPath">File that gets errors too, or null.</param>
/// <param name="LogAsJson">One JSON object a line in it.</param>
internal sealed record GlobalOptions(string StateRoot, string? LogPath, bool LogAsJson);
