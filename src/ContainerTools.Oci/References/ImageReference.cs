using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ContainerTools.Oci;

/// <summary>
/// A parsed image name <c>[registry/]repository[:tag][@digest]</c> by Docker's rules: a missing registry is <c>docker.io</c>, a one-word
/// repository there lies below <c>library/</c>.
/// </summary>
public sealed partial record ImageReference
{
    private const string DefaultRegistry = "docker.io";
    private const string OfficialPrefix = "library/";
    private const int MaximumNameLength = 255;

    /// <summary>Host, with port if any: <c>docker.io</c>, <c>registry.example:5000</c>, <c>localhost</c>.</summary>
    public required string Registry { get; init; }

    /// <summary>Path in the registry: <c>library/alpine</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Tag, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Digest, or null.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Registry and repository in full: <c>docker.io/library/alpine</c>.</summary>
    public string CanonicalName => $"{Registry}/{Repository}";

    /// <summary>The whole reference in full: <c>docker.io/library/alpine:3.20</c>.</summary>
    public string Canonical => CanonicalName + Suffix;

    /// <summary>Registry and repository as users write them: <c>alpine</c>.</summary>
    public string FamiliarName => Registry != DefaultRegistry
        ? CanonicalName
        : Repository.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !Repository.AsSpan(OfficialPrefix.Length).Contains('/')
            ? Repository[OfficialPrefix.Length..]
            : Repository;

    /// <summary>The whole reference as users write it: <c>alpine:3.20</c>.</summary>
    public string Familiar => FamiliarName + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");

    /// <summary>Reads a reference; throws <see cref="OciFormatException"/> (<c>InvalidImageReference</c>).</summary>
    public static ImageReference Parse(string text) => Read(text, out var reference) is { } rule
        ? throw new OciFormatException("InvalidImageReference", $"'{text}' is not an image name: {rule}.")
        : reference!;

    /// <summary>Reads a reference.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        return text is not null && Read(text, out reference) is null;
    }

    /// <summary>True when a reference names its registry; one that does not may mean any registry of a search order.</summary>
    public static bool HasRegistry(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && IsRegistry(text[..slash]);
    }

    /// <summary>This reference with the tag <c>latest</c> when it has neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? this with { Tag = "latest" } : this;

    /// <summary>The familiar form.</summary>
    public override string ToString() => Familiar;

    /// <summary>Returns the rule that <paramref name="text"/> breaks, or null.</summary>
    private static string? Read(string text, out ImageReference? reference)
    {
        reference = null;
        if (text.Length == 0)
        {
            return "it is empty";
        }

        if (text.Length == 64 && ContainerTools.Oci.Digest.TryParseHex(text, out _))
        {
            return "64 hexadecimal digits are an image id and cannot be a name";
        }

        var name = text;
        Digest? digest = null;
        if (name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!ContainerTools.Oci.Digest.TryParse(name[(at + 1)..], out var parsed))
            {
                return "after '@' a digest 'sha256:' with 64 lower-case hexadecimal digits is expected";
            }

            digest = parsed;
            name = name[..at];
        }

        string? tag = null;
        if (name.LastIndexOf(':') is >= 0 and var colon && !name.AsSpan(colon).Contains('/'))
        {
            tag = name[(colon + 1)..];
            if (!TagPattern().IsMatch(tag))
            {
                return $"the tag '{tag}' must have 1 to 128 letters, digits, '_', '.' or '-' and not begin with '.' or '-'";
            }

            name = name[..colon];
        }

        var (registry, repository) = Split(name);
        if (!RegistryPattern().IsMatch(registry))
        {
            return $"'{registry}' is not a registry host";
        }

        if (!RepositoryPattern().IsMatch(repository))
        {
            return repository.Any(char.IsAsciiLetterUpper)
                ? "the repository name must be lower case"
                : "the repository name must be words of a-z and 0-9, joined by '.', '_', '__' or '-', with '/' between them";
        }

        if (registry.Length + 1 + repository.Length > MaximumNameLength)
        {
            return $"the name has more than {MaximumNameLength} characters";
        }

        reference = new ImageReference { Registry = registry, Repository = repository, Tag = tag, Digest = digest };
        return null;
    }

    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var (registry, repository) = IsRegistry(first) ? (first, name[(slash + 1)..]) : (DefaultRegistry, name);
        if (registry == "index.docker.io")
        {
            registry = DefaultRegistry;
        }

        return registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal)
            ? (registry, OfficialPrefix + repository)
            : (registry, repository);
    }

    private static bool IsRegistry(string first) => first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\A(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)(?::[0-9]+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();
}
