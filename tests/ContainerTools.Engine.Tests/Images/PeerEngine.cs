using ContainerTools.Engine.Tests.Storage;

namespace ContainerTools.Engine.Tests.Images;

/// <summary>podman and buildah with storage of their own in the test's directory.</summary>
internal sealed class PeerEngine
{
    private readonly string _directory;

    public PeerEngine(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        File.WriteAllText(PathOf("containers.conf"), """
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [containers]
            log_driver = "k8s-file"
            default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
            """);
        File.WriteAllText(PathOf("storage.conf"), $"""
            [storage]
            driver = "overlay"
            graphroot = "{PathOf("graph")}"
            runroot = "{PathOf("runroot")}"
            """);
    }

    /// <summary>Skips the test where the peer is not installed.</summary>
    public static void Require(string program) => Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"{program} is not installed");

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>Runs it in a mount namespace of its own, so that no mount is left, without the v2 tree of a hybrid host, which crun refuses.</summary>
    public string Run(params string[] command) => LayerRoundTripTests.Run(
        "unshare",
        [
            "-m", "--propagation", "private", "env", $"CONTAINERS_CONF={PathOf("containers.conf")}", $"CONTAINERS_STORAGE_CONF={PathOf("storage.conf")}",
            "sh", "-c", "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$0\" \"$@\"", .. command,
        ]);
}
