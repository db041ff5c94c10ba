namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>The errors of the front end; all name file and line.</summary>
internal static class DockerfileSyntax
{
    public static ContainerToolsException Error(string file, int line, string message, string? recommendedAction = null, Exception? cause = null) =>
        new(ErrorKind.InvalidArgument, "DockerfileSyntax", $"{file}:{line}: {message}", $"{file}:{line}", recommendedAction ?? $"Correct line {line} of {file}.", cause);

    public static ContainerToolsException NotSupported(string file, int line, string message, string recommendedAction) =>
        new(ErrorKind.NotSupported, "DockerfileFeatureNotSupported", $"{file}:{line}: {message}", $"{file}:{line}", recommendedAction);

    /// <summary>The candidate a mistyped word most likely meant, or null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, best.candidate.Length / 3) ? best.candidate : null;
    }

    private static int Distance(string left, string right)
    {
        // Optimal string alignment: a swap of neighbours is the commonest slip and counts as one.
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }
}
