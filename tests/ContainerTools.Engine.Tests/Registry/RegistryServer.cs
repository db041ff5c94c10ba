using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ContainerTools.Engine.Tests.Registry;

/// <summary>Debian's docker-registry on the loopback, with a store of its own.</summary>
public sealed class RegistryServer : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("containertools-registry-").FullName;
    private readonly Process _process;

    /// <param name="tls">Certificate and key files; null speaks plain HTTP.</param>
    /// <param name="auth">The <c>auth</c> section of its configuration; null lets everybody in.</param>
    /// <param name="more">Further sections.</param>
    public RegistryServer((string Certificate, string Key)? tls = null, string? auth = null, string? more = null)
    {
        if (!File.Exists("/usr/bin/docker-registry"))
        {
            Assert.Skip("docker-registry is not installed; tests/install-prerequisites.sh --peers installs it.");
        }

        Port = FreePort();
        var configuration = new StringBuilder($"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {_directory}/data
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{Port}
              secret: test

            """);
        if (tls is var (certificate, key))
        {
            configuration.Append($"  tls:\n    certificate: {certificate}\n    key: {key}\n");
        }

        configuration.Append(auth).Append('\n').Append(more);
        File.WriteAllText(Path.Combine(_directory, "config.yml"), configuration.ToString());
        _process = Process.Start(new ProcessStartInfo("/usr/bin/docker-registry", ["serve", Path.Combine(_directory, "config.yml")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitUntilItListens();
    }

    public int Port { get; }

    /// <summary>What image names begin with.</summary>
    public string Name => $"localhost:{Port}";

    public string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>A port of the loopback that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void WaitUntilItListens()
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); ;)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (DateTime.UtcNow < end && !_process.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }
}
