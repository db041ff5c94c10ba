using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Tests.Files;

public sealed partial class LockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("containertools-locks-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_lock_is_free_when_its_holder_lets_it_go_though_a_copy_of_the_descriptor_lives()
    {
        var path = Path.Combine(_directory, "lock");
        var held = FileDescriptor.OpenOrCreate(path, 0x180);
        Assert.True(held.TryLock());

        // What a child has between fork and exec.
        var copy = Duplicate(held.Number);
        try
        {
            using (var other = FileDescriptor.OpenOrCreate(path, 0x180))
            {
                Assert.False(other.TryLock());
            }

            held.Dispose();
            using var next = FileDescriptor.OpenOrCreate(path, 0x180);
            Assert.True(next.TryLock());
        }
        finally
        {
            _ = Close(copy);
        }
    }

    [Fact]
    public void So_is_one_on_a_directory()
    {
        var held = DirectoryHandle.Open(_directory);
        Assert.True(held.TryLock(shared: false));
        var copy = Duplicate(held.Number);
        try
        {
            held.Dispose();
            using var next = DirectoryHandle.Open(_directory);
            Assert.True(next.TryLock(shared: false));
        }
        finally
        {
            _ = Close(copy);
        }
    }

    [Fact]
    public void A_directory_that_was_removed_has_no_entries()
    {
        var path = Path.Combine(_directory, "gone");
        Directory.CreateDirectory(path);
        using var directory = DirectoryHandle.Open(path);
        Directory.Delete(path);

        Assert.Empty(directory.GetNames());
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
