using System.Runtime.InteropServices;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>
/// A volume that an attacker shares with a container which is being started: a directory in it and a link to the host are exchanged all the while, so
/// that every check of the path by its name is out of date when it is used.
/// </summary>
public sealed partial class RaceTests : IDisposable
{
    private const int Starts = 200;
    private const int WorkingDirectory = -100;
    private const uint Exchange = 2;

    private readonly Bundle _bundle = new();
    private readonly string _outside;
    private readonly string _volume;
    private readonly string _directory;
    private readonly string _link;
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _attacker;

    public RaceTests()
    {
        _outside = Directory.CreateDirectory(Path.Combine(_bundle.Root, "outside")).FullName;
        _volume = Directory.CreateDirectory(Path.Combine(_bundle.Root, "volume")).FullName;
        _directory = Directory.CreateDirectory(Path.Combine(_volume, "target")).FullName;
        _link = Path.Combine(_volume, "other");
        File.CreateSymbolicLink(_link, _outside);
        _attacker = new Thread(Flip);
    }

    [Fact]
    public void CVE_2021_30465_and_CVE_2024_45310_no_mount_and_no_mount_point_is_made_outside()
    {
        string source = Directory.CreateDirectory(Path.Combine(_bundle.Root, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "mark"), "");

        // The volume first, then a directory and a file below what is exchanged in it: both have to be made.
        _bundle.WithArgs("ls", "/volume/target/directory", "/volume/other/directory").With(config => config with
        {
            Mounts = [.. config.Mounts, Bind("/volume", _volume), Bind("/volume/target/directory", source), Bind("/volume/target/file", Path.Combine(source, "mark"))],
        });
        _bundle.Config.Save(Path.Combine(_bundle.Root, "config.json"));
        _attacker.Start();
        int started = 0;
        Parallel.For(0, Starts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
        {
            Bundle.Result result = _bundle.Invoke("run", "--bundle", _bundle.Root, $"{_bundle.Id}-{index}");
            Interlocked.Add(ref started, result.ExitCode == 125 ? 0 : 1);
            Assert.True(result.ExitCode != 125 || result.Error.Contains("/volume/target", StringComparison.Ordinal), result.Error);
        });
        Assert.Empty(Directory.GetFileSystemEntries(_outside));

        // Some starts found the directory and some the link, which leads nowhere inside.
        Assert.InRange(started, 1, Starts - 1);
        Assert.Empty(Directory.GetDirectories(_bundle.StateRoot));

        // Control: a check of the name before its use is what the exchange defeats.
        for (int attempt = 0; attempt < 1_000_000 && Directory.GetFileSystemEntries(_outside).Length == 0; attempt++)
        {
            if (File.ResolveLinkTarget(_directory, returnFinalTarget: false) is null)
            {
                File.WriteAllText(Path.Combine(_directory, "made"), "");
            }
        }

        Assert.NotEmpty(Directory.GetFileSystemEntries(_outside));
    }

    public void Dispose()
    {
        _end.Cancel();
        if (_attacker.IsAlive)
        {
            _attacker.Join();
        }

        _end.Dispose();
        _bundle.Dispose();
    }

    private static RuntimeMount Bind(string destination, string source) => new() { Destination = destination, Type = "bind", Source = source, Options = ["rbind"] };

    private void Flip()
    {
        while (!_end.IsCancellationRequested)
        {
            _ = ExchangeNames(WorkingDirectory, _directory, WorkingDirectory, _link, Exchange);
            Thread.Yield();
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExchangeNames(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}
