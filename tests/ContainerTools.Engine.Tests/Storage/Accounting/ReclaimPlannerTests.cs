using ContainerTools.Engine.Images;
using ContainerTools.Engine.Storage.Accounting;

namespace ContainerTools.Engine.Tests.Storage.Accounting;

/// <summary>The plan as a function of a snapshot.</summary>
public class ReclaimPlannerTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1000, new string[0])]
    [InlineData(600, new string[0])]
    [InlineData(599, new[] { "old" })]
    [InlineData(400, new[] { "old", "late" })]
    [InlineData(0, new[] { "old", "late", "early", "mount" })]
    public void Of_the_build_cache_the_longest_unused_goes_first(long keep, string[] expected)
    {
        // Two steps that were used at the same time: the later one goes first.
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [Tree("early", 100), Tree("late", 100), Tree("old", 100), Tree("shared", 1000), new StoredPart(StoreArea.CacheMount, "mount", "/m", 300, Now)],
            Layers = [Layer("early", hours: 9), Layer("late", hours: 8), Layer("old", hours: 7), Layer("shared", hours: 10)],
            Cache = [Cached("early", hours: 3), Cached("late", hours: 3), Cached("old", hours: 6), Cached("shared", hours: 20), new CacheRow(null, Now.AddDays(-9))],
            CacheMounts = [new CacheMountRow("mount", "mount", Now.AddHours(-1))],
            Images = [Image("image", "shared")],
        };
        Assert.Equal(expected, Plan(snapshot, new ReclaimRequest { Scope = [StorageKind.BuildCache], KeepBytes = keep }));
    }

    [Fact]
    public void What_was_used_lately_and_what_a_build_has_taken_is_kept()
    {
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [Tree("taken", 100), Tree("late", 100), Tree("old", 100)],
            Layers = [Layer("taken", hours: 9), Layer("late", hours: 9), Layer("old", hours: 9)],
            Cache = [Cached("taken", hours: 9), Cached("late", hours: 1), Cached("old", hours: 9)],
            Leases = new[] { "sha256:taken" }.ToLookup(layer => layer),
        };
        Assert.Equal(["old"], Plan(snapshot, new ReclaimRequest { OlderThan = TimeSpan.FromHours(2) }));
    }

    [Fact]
    public void All_of_the_build_cache_is_forgotten_but_layers_of_images_stay()
    {
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [Tree("own", 100), Tree("shared", 1000)],
            Layers = [Layer("own", hours: 1), Layer("shared", hours: 1)],
            Cache = [Cached("own", hours: 1), Cached("shared", hours: 1), new CacheRow(null, Now)],
            Images = [Image("image", "shared")],
        };
        var plan = ReclaimPlanner.Plan(snapshot, new ReclaimRequest { Scope = [StorageKind.BuildCache], All = true });
        Assert.Equal([("own", 100L), ("shared", 0), ("steps without a layer", 0)], plan.Select(victim => (victim.Name.Replace("sha256:", ""), victim.Size)).OrderBy(item => item.Item1));
        Assert.Equal(["own"], Plan(snapshot, new ReclaimRequest { Scope = [StorageKind.BuildCache] }));
    }

    [Fact]
    public void A_layer_goes_with_the_last_that_has_it()
    {
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [Tree("base", 1000), Tree("one", 10), Tree("two", 20), new StoredPart(StoreArea.Blob, "two-blob", "/b", 5, Now)],
            Layers = [Layer("base", hours: 1), Layer("one", hours: 1), Layer("two", hours: 1) with { Blob = "sha256:two-blob" }],
            Images = [Image("first", "base", "one"), Image("second", "base", "two")],
        };
        Assert.Equal([10L, 1025], ReclaimPlanner.Plan(snapshot, new ReclaimRequest()).Select(victim => victim.Size));

        // The build cache keeps it until it goes too.
        var cached = snapshot with { Cache = [Cached("base", hours: 1)] };
        Assert.Equal([10L, 25], ReclaimPlanner.Plan(cached, new ReclaimRequest { Scope = [StorageKind.Image] }).Select(victim => victim.Size));
        Assert.Equal([10L, 25, 1000], ReclaimPlanner.Plan(cached, new ReclaimRequest()).Select(victim => victim.Size));
    }

    [Fact]
    public void Images_of_a_named_index_are_not_dangling_and_take_their_attestations_along()
    {
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [Tree("x", 100), Tree("arm", 200), new StoredPart(StoreArea.Blob, "proof", "/p", 7, Now)],
            Layers = [Layer("x", hours: 1), Layer("arm", hours: 1)],
            Images = [Image("image-x", "x"), Image("image-arm", "arm")],
            Tags = [new TagRow("shop:1", "sha256:image-x", "index")],
            Manifests =
            [
                new ManifestRow("index", ManifestKind.Index, null, null, ["nested", "m-x", "m-arm", "a"], []),
                new ManifestRow("nested", ManifestKind.Index, null, null, ["m-arm"], []),
                new ManifestRow("m-x", ManifestKind.Image, "sha256:image-x", null, [], []),
                new ManifestRow("m-arm", ManifestKind.Image, "sha256:image-arm", null, [], []),
                new ManifestRow("a", ManifestKind.Artifact, null, "m-x", [], ["sha256:proof"]),
            ],
        };
        Assert.Empty(Plan(snapshot, new ReclaimRequest()));
        Assert.Equal(307, ReclaimPlanner.Plan(snapshot, new ReclaimRequest { All = true }).Sum(victim => victim.Size));

        // With the one image in use the index stays, and with it what is about its images.
        var used = snapshot with { Containers = [Container("c", "sha256:image-arm", runs: true)] };
        var victim = Assert.Single(ReclaimPlanner.Plan(used, new ReclaimRequest { All = true }));
        Assert.Equal(("shop:1", 100L), (victim.Name, victim.Size));
    }

    [Fact]
    public void A_network_goes_with_the_containers_that_go()
    {
        var snapshot = new StoreSnapshot
        {
            Time = Now,
            Parts = [],
            Containers = [Container("over", "i", runs: false), Container("up", "i", runs: true)],
            Networks =
            [
                new NetworkRow("1", "of-over", NoLabels, Now, ["over"], []), new NetworkRow("2", "of-both", NoLabels, Now, ["over", "up"], []),
                new NetworkRow("3", "of-build", NoLabels, Now, [], ["build-1"]),
            ],
        };
        Assert.Equal(["over", "of-over"], Plan(snapshot, new ReclaimRequest()));
        Assert.Empty(Plan(snapshot, new ReclaimRequest { Scope = [StorageKind.Network] }));
    }

    private static Dictionary<string, string> NoLabels => [];

    private static string[] Plan(StoreSnapshot snapshot, ReclaimRequest request) => [.. ReclaimPlanner.Plan(snapshot, request).Select(victim => victim.Name.Replace("sha256:", ""))];

    private static StoredPart Tree(string name, long size) => new(StoreArea.Tree, name, "/" + name, size, Now);

    private static LayerRow Layer(string name, int hours) => new("sha256:" + name, null, false, Now.AddHours(-hours), false);

    private static CacheRow Cached(string name, int hours) => new("sha256:" + name, Now.AddHours(-hours));

    private static ImageRow Image(string name, params string[] layers) => new("sha256:" + name, NoLabels, Now.AddDays(-1), [.. layers.Select(layer => "sha256:" + layer)]);

    private static ContainerRow Container(string name, string image, bool runs) => new(name, name, image, NoLabels, runs, false, Now.AddDays(-2), runs ? null : Now.AddDays(-1));
}
