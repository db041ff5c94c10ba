<#
.SYNOPSIS
From a Dockerfile to a running container: makes a base image from this host's own programs, builds an image in two stages, runs it
with limits, looks inside, and removes the containers again. A second run takes the images from the cache.

.DESCRIPTION
Runs in PowerShell 7.6 and in the ct shell of this repository, so it uses only PowerShell's language and its core commands.

.PARAMETER Purge
Remove the images too at the end.

.EXAMPLE
dotnet run --project src/ContainerTools.Shell -- examples/quickstart.ps1
#>
[CmdletBinding()]
param(
    [switch]$Purge
)

$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
if (-not (Get-Module ContainerTools)) {
    Import-Module ([IO.Path]::Combine($root, 'out', 'ContainerTools', 'ContainerTools.psd1'))
}

$measured = [Collections.Generic.List[object]]::new()
function Measure-Step([string]$Step, [scriptblock]$Action) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $result = & $Action
    $measured.Add([pscustomobject]@{ Step = $Step; Milliseconds = [math]::Round($watch.Elapsed.TotalMilliseconds, 1) })
    $result
}

$missing = Test-ContainerEngine -Detailed | Where-Object { $_.Required -and -not $_.Passed }
if ($missing) {
    foreach ($check in $missing) {
        $Host.UI.WriteErrorLine("$($check.Name): $($check.Detail) $($check.RecommendedAction)")
    }
    exit 1
}

# What a run that was interrupted may have left.
Get-Container quickstart-* | Remove-Container -Force

'--- A base image from the programs of this host'
if (-not (Test-Image quickstart/base)) {
    $base = Measure-Step 'New-BaseImage' { New-BaseImage quickstart/base -Command sh, cat, id, ls, mkdir, ps, sleep, wc }
}
else {
    $base = Measure-Step 'New-BaseImage (there already)' { Get-Image quickstart/base }
}
$base | Out-Host

'--- An image from a Dockerfile with two stages'
$build = Measure-Step 'Build-Image' { Build-Image ([IO.Path]::Combine($PSScriptRoot, 'quickstart-app')) -Tag quickstart/web:1.0 }
$build.Steps | Out-Host
"$($build.CacheHits) of $($build.Steps.Count) steps came from the cache."

'--- Containers with limits'
$web = Measure-Step 'Start-Container' {
    Start-Container quickstart/web:1.0 -Name quickstart-web -Memory 64MB -Cpu 0.5 -PidsLimit 50 -Environment @{ MODE = 'live' }
}
Start-Container quickstart/web:1.0 -Name quickstart-spare -Memory 32MB -ReadOnly | Out-Null
Get-Container -State Running | Where-Object Image -like 'quickstart/*' | Out-Host

'--- A command inside'
Measure-Step 'Invoke-ContainerCommand' { Invoke-ContainerCommand quickstart-web id -u }

'--- A container that runs to its end'
Measure-Step 'Invoke-Container' { Invoke-Container quickstart/base -Command sh, -c, 'echo out; exit 7' -Remove }
"Its exit code: $LASTEXITCODE"
Measure-Step 'Invoke-Container (again)' { Invoke-Container quickstart/base -Command sh, -c, 'exit 0' -Remove }

'--- Its log'
$web | Get-ContainerLog -Tail 20 | Out-Host

'--- Stop and remove'
Measure-Step 'Stop and remove' { $web | Stop-Container -PassThru | Remove-Container }
Get-Container quickstart-spare | Remove-Container -Force
"Containers of the quickstart left: $(@(Get-Container quickstart-*).Count)"
if ($Purge) {
    Remove-Image quickstart/web:1.0
    Remove-Image quickstart/base
}

'--- Measured'
$measured | ForEach-Object { '{0,-32} {1,10:n1} ms' -f $_.Step, $_.Milliseconds }
exit 0
