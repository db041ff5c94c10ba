using System.Diagnostics;

namespace ContainerTools.Shell.Tests.Modules;

/// <summary>The module as users get it, loaded by the shell, with the real engine behind it.</summary>
public sealed class ModuleSessionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void The_session_of_the_README_works_from_an_image_to_an_empty_store()
    {
        _directory.Write("app/Dockerfile", """
            FROM base AS build
            RUN echo 'echo "serving $MODE"; exec sleep 60' > /serve
            FROM base
            COPY --from=build /serve /serve
            CMD ["sh", "/serve"]
            """);
        var script = _directory.Write("session.ps1", """
            $ErrorActionPreference = 'Stop'
            $null = New-BaseImage base -Command sh, ls, cat, sleep, id, ps
            $built = Build-Image ([IO.Path]::Combine($PSScriptRoot, 'app')) -Tag shop/web:1.2
            "built $($built.Image.Tags)"
            $web = Start-Container shop/web:1.2 -Name web -Memory 64MB -Cpu 0.5 -PidsLimit 50 -Environment @{ MODE = 'live' }
            Get-Container -State Running | Where-Object Image -like 'shop/*' | ForEach-Object { "listed $($_.Name) $($_.Image) $($_.State)" }
            "user $(Invoke-ContainerCommand web id -u), exit code $LASTEXITCODE"
            $words = Invoke-Container base -Command sh, -c, 'echo out; exit 7' -Remove
            "said $words, exit code $LASTEXITCODE"
            while (-not ($lines = $web | Get-ContainerLog -Tail 20)) { Start-Sleep -Milliseconds 20 }
            "logged $($lines.Message)"
            $web | Stop-Container -Timeout 0 -PassThru | Remove-Container
            "left $(@(Get-Container).Count)"
            """);

        var run = ShellProcess.RunWithModule(_directory.Path, "-File", script);

        Assert.Equal("", run.Error);
        Assert.Equal(
            """
            built shop/web:1.2
            listed web shop/web:1.2 Running
            user 0, exit code 0
            said out, exit code 7
            logged serving live
            left 0

            """, run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Every_cmdlet_has_complete_help_in_the_session()
    {
        var script = _directory.Write("help.ps1", """
            foreach ($command in Get-Command -Module ContainerTools -CommandType Cmdlet) {
                $help = Get-Help $command.Name
                if (-not $help.Synopsis -or $help.Synopsis -like "*$($command.Name) *[[]*") { "$($command.Name): no synopsis" }
                if (-not $help.description) { "$($command.Name): no description" }
                if (-not $help.examples) { "$($command.Name): no examples" }
                $described = @($help.parameters.parameter | Where-Object { $_.description } | ForEach-Object { $_.name })
                foreach ($parameter in $command.Parameters.Values) {
                    $hidden = -not ($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] -and -not $_.DontShow })
                    $common = [System.Management.Automation.Cmdlet]::CommonParameters -contains $parameter.Name -or [System.Management.Automation.Cmdlet]::OptionalCommonParameters -contains $parameter.Name
                    if (-not $hidden -and -not $common -and $described -notcontains $parameter.Name) { "$($command.Name) -$($parameter.Name): no description" }
                }
            }
            "$(@(Get-Command -Module ContainerTools -CommandType Cmdlet).Count) cmdlets"
            """);

        var run = ShellProcess.RunWithModule(_directory.Path, "-File", script);

        Assert.Equal("", run.Error);
        var line = Assert.Single(run.Output.TrimEnd().Split('\n'));
        Assert.True(int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) >= 29, line);
    }

    [Fact]
    public void Containers_on_a_network_find_each_other_and_are_reached_by_their_ports()
    {
        var script = _directory.Write("network.ps1", """
            $ErrorActionPreference = 'Stop'
            $null = New-BaseImage base -Command sh, busybox, echo, getent, sleep
            $null = New-ContainerNetwork shop -Subnet 10.89.4.0/24 -IPv6:$false
            $null = Start-Container base -Name db -Network shop -Command sleep, 100
            $null = Start-Container base -Name web -Network shop -Publish 127.0.0.1:8080:80, 5353:53/udp -Command busybox, nc, '-ll', '-p', 80, '-e', echo, served
            "named $((Invoke-ContainerCommand web getent hosts db) -replace '\s+', ' ')"
            Get-Container web | Get-ContainerPort | ForEach-Object { "port $($_.Container) $_" }
            (Get-ContainerNetwork shop).Endpoint | ForEach-Object { "place $_ $($_.Active)" }
            for ($i = 0; $i -lt 100 -and -not (Test-ContainerConnection db web -Port 80 -WarningAction Ignore); $i++) { Start-Sleep -Milliseconds 50 }
            "fetched $(nsenter "--net=$env:CONTAINERTOOLS_NETWORK_NAMESPACE" busybox nc -w 5 127.0.0.1 8080)"
            "steps $((Test-ContainerConnection db web -Port 81 -Detailed).Step[-1].Name)"
            Set-Container web -Publish 127.0.0.1:8081:80
            "moved $(Get-ContainerPort web) to $(nsenter "--net=$env:CONTAINERTOOLS_NETWORK_NAMESPACE" busybox nc -w 5 127.0.0.1 8081)"
            try { Remove-ContainerNetwork shop } catch { "refused $($_.FullyQualifiedErrorId)" }
            (Get-ContainerNetwork shop).Endpoint | Disconnect-ContainerNetwork
            Get-ContainerNetwork shop | Remove-ContainerNetwork
            Get-Container | Remove-Container -Force
            "left $(@(Get-ContainerNetwork).Count)"
            """);

        var run = ShellProcess.RunWithModule(_directory.Path, "-File", script);

        Assert.Equal("", run.Error);
        Assert.Equal(
            [
                "named 10.89.4.2 db",
                "port web 127.0.0.1:8080:80/tcp",
                "port web 5353:53/udp",
                "place db on shop (10.89.4.2) True",
                "place web on shop (10.89.4.3) True",
                "fetched served",
                "steps Listener",
                "moved 127.0.0.1:8081:80/tcp to served",
                "refused NetworkInUse,ContainerTools.Cmdlets.RemoveContainerNetworkCmdlet",
                "left 0",
            ],
            run.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Without_root_one_sentence_says_so_and_nothing_is_made()
    {
        // A folder of its own that another user may enter and read: the checkout may lie below a closed one.
        var copy = Path.Combine(_directory.Path, "ct");
        Copy(Path.GetDirectoryName(ShellProcess.Executable)!, copy);
        Copy(ShellProcess.Module, Path.Combine(copy, "ContainerTools"));
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(copy, "ct"), "-Command", "New-BaseImage base -Command sh"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["CONTAINERTOOLS_ROOT"] = Path.Combine(_directory.Path, "closed", "store");
        start.Environment["HOME"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("root", error, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
        Assert.Equal("", await output);
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, "closed")));
    }

    public void Dispose() => _directory.Dispose();

    private static void Copy(string source, string target)
    {
        using var copying = Process.Start("cp", ["-r", source, target]);
        copying.WaitForExit();
    }
}
