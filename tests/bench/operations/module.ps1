# Import-Module in a fresh PowerShell process: the cmdlets' assemblies, the formats and the types; the engine's are loaded by the first cmdlet.
if ('Import-Module' -notlike $Include) { return }
$milliseconds = [Collections.Generic.List[double]]::new()
$command = "`$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$module' -Force; 'took ' + `$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"
$environment = $env:CONTAINERTOOLS_MODULE
$env:CONTAINERTOOLS_MODULE = '/nonexistent'     # ct loads its module by itself; here the command does
try {
    for ($round = 0; $round -lt $few; $round++) {
        $line = & ([Environment]::ProcessPath) -NoLogo -NoProfile -Command $command 2>$null | Where-Object { $_ -like 'took *' }
        $milliseconds.Add([double]::Parse($line.Substring(5), [cultureinfo]::InvariantCulture))
    }
}
finally { $env:CONTAINERTOOLS_MODULE = $environment }
$measurements.Add([pscustomobject]@{ Operation = 'Import-Module'; Who = 'ours'; WallMs = [math]::Round((Get-Median $milliseconds), 1); CpuMs = $null; Wall = $null; Cpu = $null })
