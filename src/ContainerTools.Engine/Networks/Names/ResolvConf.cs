using System.Net;
using System.Text;

namespace ContainerTools.Engine.Networks.Names;

/// <summary>Contents of resolv.conf(5).</summary>
/// <param name="Servers">Name servers.</param>
/// <param name="Search">Domains that short names are tried in.</param>
/// <param name="Options">Options.</param>
internal sealed record ResolvConf(IReadOnlyList<string> Servers, IReadOnlyList<string> Search, IReadOnlyList<string> Options)
{
    /// <summary>The resolver that a container's monitor is.</summary>
    public const string Resolver = "127.0.0.11";

    /// <summary>The host's file.</summary>
    public const string HostPath = "/etc/resolv.conf";

    // systemd-resolved(8): the file with the servers behind its stub at 127.0.0.53.
    private const string BehindStub = "/run/systemd/resolve/resolv.conf";

    private static readonly string[] Stub = ["127.0.0.53"];

    /// <summary>Reads a file; one that is not there is empty.</summary>
    public static ResolvConf Read(string path)
    {
        var (servers, search, options) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..]:
                    servers.Add(server);
                    break;
                case ["search" or "domain", ..]:
                    search = [.. words[1..]];
                    break;
                case ["options", ..]:
                    options.AddRange(words[1..]);
                    break;
            }
        }

        return new(servers, search, options);
    }

    /// <summary>The host's servers as a container can reach them: those on its loopback cannot be.</summary>
    public static IReadOnlyList<string> HostServers()
    {
        var servers = Read(HostPath).Servers;
        return [.. (servers.SequenceEqual(Stub) ? Read(BehindStub).Servers : servers).Where(server => IPAddress.TryParse(server.Split('%')[0], out var address) && !IPAddress.IsLoopback(address))];
    }

    /// <summary>The file of a container.</summary>
    /// <param name="spec">What it asks for; where it asks for nothing, the host's search domains and options hold.</param>
    /// <param name="servers">The servers that it asks.</param>
    public static string For(ContainerSpec spec, IReadOnlyList<string> servers)
    {
        var host = Read(HostPath);

        // trust-ad would have programs believe what a resolver says of DNSSEC, and rotate serves several servers: both are the host's own affair.
        var options = spec.DnsOptions.Count > 0 ? spec.DnsOptions : [.. host.Options.Where(option => option is not ("trust-ad" or "rotate"))];
        return new ResolvConf(servers, spec.DnsSearch ?? host.Search, options).ToString();
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var server in Servers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        Line("search", Search);
        Line("options", Options);
        return text.ToString();

        void Line(string keyword, IReadOnlyList<string> words)
        {
            if (words.Count > 0)
            {
                text.Append(keyword).Append(' ').AppendJoin(' ', words).Append('\n');
            }
        }
    }
}
