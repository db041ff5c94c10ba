namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>One logical line: an instruction with its continuations joined and its here-documents taken off.</summary>
/// <param name="Keyword">Instruction word, upper case.</param>
/// <param name="Arguments">Everything after the word, trimmed.</param>
/// <param name="Line">First physical line, from 1.</param>
/// <param name="HereDocuments">Here-documents in the order of their marks.</param>
internal sealed record DockerfileLine(string Keyword, string Arguments, int Line, IReadOnlyList<HereDocument> HereDocuments)
{
    public string Text => Arguments.Length == 0 ? Keyword : $"{Keyword} {Arguments}";
}

/// <summary>A here-document.</summary>
/// <param name="Name">Delimiter, unquoted.</param>
/// <param name="Mark">The mark as written (<c>&lt;&lt;-"EOF"</c>).</param>
/// <param name="Expand">False when the delimiter was quoted.</param>
/// <param name="StripTabs">True for the dash form.</param>
/// <param name="Content">Its lines, each ended by a line feed; tabs stripped in the dash form.</param>
internal sealed record HereDocument(string Name, string Mark, bool Expand, bool StripTabs, string Content);
