using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Which entries of an index are meant.</summary>
internal static class PlatformChoice
{
    private const string ReferenceType = "vnd.docker.reference.type";
    private const string ReferenceDigest = "vnd.docker.reference.digest";

    /// <summary>One entry for each platform; throws <c>ImagePlatformNotFound</c>.</summary>
    public static List<Descriptor> Choose(IReadOnlyList<Descriptor> index, IReadOnlyList<Platform> platforms, string subject)
    {
        var entries = index.Where(entry => !IsAttestation(entry)).ToList();

        // An exact variant before one that merely does not contradict; an entry that says nothing only when it is alone.
        var chosen = platforms.Select(wanted => entries
            .Where(entry => entry.Platform is { } platform && wanted.Matches(platform))
            .OrderByDescending(entry => entry.Platform!.Normalized().Variant == wanted.Normalized().Variant)
            .FirstOrDefault() ?? (entries is [{ Platform: null } only] ? only : null) ?? throw NotFound(subject, [wanted], entries.Select(entry => entry.Platform).OfType<Platform>()));
        return [.. chosen.DistinctBy(entry => entry.Digest)];
    }

    /// <summary>True for an entry that is about another one (BuildKit, "Attestation storage").</summary>
    public static bool IsAttestation(Descriptor entry) => entry.Annotations?.GetValueOrDefault(ReferenceType) == "attestation-manifest";

    /// <summary>What an attestation is about; null when it does not say.</summary>
    public static Digest? SubjectOf(Descriptor attestation) => Digest.TryParse(attestation.Annotations?.GetValueOrDefault(ReferenceDigest), out var subject) ? subject : null;

    /// <summary>The error for a platform that an image is not made for.</summary>
    public static RegistryException NotFound(string subject, IReadOnlyList<Platform> wanted, IEnumerable<Platform> offered)
    {
        var list = string.Join(", ", offered.Where(platform => platform.OperatingSystem != "unknown").Select(platform => platform.ToString()).Distinct());
        return new RegistryException(
            ErrorKind.NotFound,
            "ImagePlatformNotFound",
            $"{subject} is not made for {string.Join(", ", wanted)}; it is for {(list.Length > 0 ? list : "no platform that it names")}.",
            subject,
            "Choose one of its platforms with -Platform.");
    }
}
