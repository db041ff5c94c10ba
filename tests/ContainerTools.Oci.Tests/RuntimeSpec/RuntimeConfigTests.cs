using System.Text;
using System.Text.Json;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Oci.Tests.RuntimeSpec;

public sealed class RuntimeConfigTests
{
    private const string Example = """
        {
          "ociVersion": "1.1.0",
          "process": {
            "user": { "uid": 1, "gid": 2, "additionalGids": [5, 6], "umask": 18 },
            "args": ["sh"], "cwd": "/",
            "capabilities": { "bounding": ["CAP_KILL"], "ambient": null },
            "rlimits": [{ "type": "RLIMIT_NOFILE", "hard": 1024, "soft": 512 }],
            "unknownMember": { "a": [1] }
          },
          "root": { "path": "rootfs", "readonly": true },
          "mounts": null,
          "linux": {
            "uidMappings": [{ "containerID": 0, "hostID": 1000, "size": 10 }],
            "resources": { "blockIO": { "weight": 10 }, "memory": { "disableOOMKiller": true, "limit": 4096 } },
            "namespaces": [{ "type": "pid" }, { "type": "network", "path": "/run/netns/a" }],
            "seccomp": { "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 1, "value": 18446744073709551615, "op": "SCMP_CMP_EQ" }] }] }
          }
        }
        """;

    [Fact]
    public void specification_names_are_read()
    {
        RuntimeConfig config = RuntimeConfig.Parse(Encoding.UTF8.GetBytes(Example));

        Assert.Equal([5u, 6u], config.Process!.User.AdditionalGids);
        Assert.Equal(18u, config.Process.User.Umask);
        Assert.Equal("CAP_KILL", Assert.Single(config.Process.Capabilities!.Bounding));
        Assert.Equal(1000u, Assert.Single(config.Linux!.UidMappings).HostId);
        Assert.Equal((ushort)10, config.Linux.Resources!.BlockIo!.Weight);
        Assert.True(config.Linux.Resources.Memory!.DisableOomKiller);
        Assert.Equal("/run/netns/a", config.Linux.Namespaces[1].Path);
        Assert.Equal(ulong.MaxValue, config.Linux.Seccomp!.Syscalls[0].Args[0].Value);
    }

    [Fact]
    public void absent_and_null_lists_are_empty()
    {
        RuntimeConfig config = RuntimeConfig.Parse(Encoding.UTF8.GetBytes(Example));

        Assert.Empty(config.Mounts);
        Assert.Empty(config.Process!.Env);
        Assert.Empty(config.Process.Capabilities!.Ambient);
        Assert.Empty(config.Linux!.MaskedPaths);
        Assert.Empty(config.Linux.Sysctl);
    }

    [Fact]
    public void a_saved_configuration_is_read_back_the_same()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("ct-spec-");
        try
        {
            string path = Path.Combine(directory.FullName, "config.json");
            RuntimeConfig config = RuntimeConfig.Parse(Encoding.UTF8.GetBytes(Example));
            config.Save(path);

            Assert.Equal(
                JsonSerializer.Serialize(config, RuntimeSpecJson.Default.RuntimeConfig),
                JsonSerializer.Serialize(RuntimeConfig.Load(path), RuntimeSpecJson.Default.RuntimeConfig));
            Assert.Single(directory.GetFiles());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void a_malformed_file_is_refused_with_its_path_and_the_member()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{ "process": { "cwd": "/", "user": { "uid": -1 } } }""");
            FormatException error = Assert.Throws<FormatException>(() => RuntimeConfig.Load(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Contains("$.process.user.uid", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
