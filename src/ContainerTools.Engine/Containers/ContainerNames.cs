using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Containers;

/// <summary>Ids and names of containers: making them and judging them.</summary>
internal static partial class ContainerNames
{
    private static readonly string[] Adjectives =
    [
        "agile", "amber", "bold", "brave", "bright", "brisk", "calm", "clever", "copper", "crisp", "daring", "deft", "eager", "early", "fair", "fleet",
        "gentle", "glad", "golden", "green", "happy", "honest", "jolly", "keen", "kind", "lively", "lucid", "merry", "mild", "neat", "nimble", "noble",
        "plain", "polite", "proud", "quick", "quiet", "rapid", "ready", "royal", "sharp", "silver", "sleek", "smart", "snug", "solid", "steady", "stout",
        "sunny", "swift", "tidy", "true", "vivid", "warm", "wise", "witty", "young", "zesty",
    ];

    private static readonly string[] Nouns =
    [
        "anchor", "badger", "barge", "beacon", "beaver", "bison", "brook", "canoe", "cedar", "clipper", "comet", "condor", "coral", "crane", "delta",
        "dolphin", "eagle", "ember", "falcon", "ferry", "finch", "fjord", "galleon", "gecko", "glacier", "harbor", "heron", "ibis", "island", "jetty",
        "kestrel", "lagoon", "lantern", "lark", "lynx", "maple", "marlin", "meadow", "mooring", "nebula", "oak", "orca", "osprey", "otter", "pelican",
        "pier", "plover", "puffin", "quay", "raven", "reef", "river", "robin", "schooner", "sparrow", "stork", "summit", "tern", "tiller", "walrus",
    ];

    /// <summary>A fresh id: 64 hexadecimal digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>A name made up; not necessarily free.</summary>
    public static string Suggest(int attempt)
    {
        var name = $"{Pick(Adjectives)}_{Pick(Nouns)}";
        return attempt == 0 ? name : $"{name}{RandomNumberGenerator.GetInt32(10, 10_000)}";
    }

    /// <summary>Throws <c>InvalidContainerName</c> unless the name is one that Docker takes too.</summary>
    public static void Validate(string name)
    {
        if (!Pattern().IsMatch(name) || name.Length > 128)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "InvalidContainerName",
                $"'{name}' is not a container name.",
                name,
                "Begin with a letter or digit and go on with letters, digits, '_', '.' or '-'; at least two and at most 128 characters.");
        }
    }

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex Pattern();
}
