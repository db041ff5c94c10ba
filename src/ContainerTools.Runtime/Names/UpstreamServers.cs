using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>The servers that are asked for names no network knows, in order: those the container was given, or the host's own.</summary>
internal sealed class UpstreamServers
{
    // Every query may wait for each of them once.
    private const int Most = 8;
    private const int LongestFile = 64 * 1024;
    private const ushort DomainPort = 53;
    private const long CheckInterval = 1000;

    // How long one that answered is asked first, after those before it did not.
    private const long PreferenceLifetime = 30_000;
    private readonly List<InternetEndpoint> servers = [];
    private string? file;
    private FileStamp fileStamp;
    private long nextCheck;
    private int preferred;
    private long preferredUntil;

    public int Count => servers.Count;

    /// <summary>Takes the servers of a container, if it may ask any at all.</summary>
    public void Take(MonitorNames names)
    {
        servers.Clear();
        (file, fileStamp, nextCheck, preferredUntil) = (null, default, 0, 0);

        // From networks that lead nowhere no query leads out either: names can carry data (CVE-2024-29018).
        if (names.Networks.All(network => network.Internal))
        {
            return;
        }

        foreach (var address in names.Servers)
        {
            Add(address);
        }

        file = names.Servers.Count == 0 ? names.ResolvConf : null;
    }

    /// <summary>Reads resolv.conf again if it has changed; looks at most once a second.</summary>
    public void Refresh(long now)
    {
        if (file is null || now < nextCheck)
        {
            return;
        }

        nextCheck = now + CheckInterval;
        var stamp = FileStamp.Of(Native.Bytes(file));
        if (stamp == fileStamp)
        {
            return;
        }

        fileStamp = stamp;
        preferred = 0;
        servers.Clear();
        foreach (var line in Lines(file))
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "nameserver")
            {
                Add(words[1]);
            }
        }
    }

    /// <summary>The server that is asked first.</summary>
    public int First(long now) => now < preferredUntil && preferred < servers.Count ? preferred : 0;

    /// <summary>The server after another; after the last comes the first.</summary>
    public int Next(int server) => (server + 1) % servers.Count;

    public InternetEndpoint this[int server] => servers[server % servers.Count];

    /// <summary>Tells that a server answered after others had not.</summary>
    public void Prefer(int server, long now) => (preferred, preferredUntil) = (server, now + PreferenceLifetime);

    private static string[] Lines(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return content.Length > LongestFile ? [] : System.Text.Encoding.UTF8.GetString(content).Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Add(string address)
    {
        if (servers.Count < Most && InternetEndpoint.TryParse(address, DomainPort, out var server))
        {
            servers.Add(server);
        }
    }
}
