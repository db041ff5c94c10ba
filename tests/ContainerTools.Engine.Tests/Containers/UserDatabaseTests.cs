using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Tests.Containers;

public sealed class UserDatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("users-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("app", 1000u, 1001u)]
    [InlineData("app:staff", 1000u, 50u)]
    [InlineData("app:7", 1000u, 7u)]
    [InlineData("1000", 1000u, 1001u)]
    [InlineData("4242", 4242u, 0u)]
    [InlineData("0:0", 0u, 0u)]
    public void A_user_resolves_as_in_the_images_own_files(string user, uint uid, uint gid)
    {
        var resolved = Database().Resolve(user, []);
        Assert.Equal((uid, gid), (resolved.Uid, resolved.Gid));
    }

    [Fact]
    public void A_number_is_an_id_also_when_root_carries_it_as_a_name() =>
        Assert.Equal(1001u, Database("1001:x:0:0::/root:/bin/sh\n").Resolve("1001", []).Uid);

    [Theory]
    [InlineData("1000abc", "UserNotFound")]
    [InlineData("-1", "UserNotFound")]
    [InlineData("4294967295", "InvalidUser")]
    [InlineData("4294967296", "InvalidUser")]
    [InlineData("99999999999999999999", "InvalidUser")]
    [InlineData("a:b:c", "InvalidUser")]
    [InlineData("app:", "InvalidUser")]
    [InlineData("nobody", "UserNotFound")]
    [InlineData("app:nogroup", "GroupNotFound")]
    public void Odd_users_are_refused_and_never_become_root(string user, string code) =>
        Assert.Equal(code, Assert.Throws<ContainerToolsException>(() => Database().Resolve(user, [])).Code);

    [Fact]
    public void Supplementary_groups_are_the_primary_one_those_of_the_group_file_and_the_callers()
    {
        Assert.Equal([1001u, 50u, 60u], Database().Resolve("app", []).Groups);
        Assert.Equal([1001u, 50u, 60u, 99u], Database().Resolve("app", ["99", "staff"]).Groups);
        Assert.Equal([7u, 99u], Database().Resolve("app:7", ["99"]).Groups);
    }

    [Fact]
    public void The_home_directory_is_the_entrys() => Assert.Equal("/home/app", Database().Resolve("app", []).Home);

    [Fact]
    public void A_giant_line_is_read_in_bounded_memory()
    {
        File.WriteAllText(Path.Combine(_directory, "group"), new string('x', 10_000_000) + "\nstaff:x:50:app\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(50u, Database(groups: null).Resolve("0:staff", []).Gid);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Fact]
    public void An_endless_file_is_read_to_a_limit()
    {
        using (var group = File.Create(Path.Combine(_directory, "group")))
        {
            group.SetLength(1L << 40); // A hole of a tebibyte: no layer has to carry it.
        }

        Assert.Equal("GroupNotFound", Assert.Throws<ContainerToolsException>(() => Database(groups: null).Resolve("0:staff", [])).Code);
    }

    private UserDatabase Database(string extra = "", string? groups = "root:x:0:\nstaff:x:50:app,other\nwheel:x:60:app\napp:x:1001:\n")
    {
        File.WriteAllText(Path.Combine(_directory, "passwd"), extra + "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\nbroken line\n");
        if (groups is not null)
        {
            File.WriteAllText(Path.Combine(_directory, "group"), groups);
        }

        return new UserDatabase(path => File.OpenRead(Path.Combine(_directory, Path.GetFileName(path))));
    }
}
