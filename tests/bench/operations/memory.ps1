# Private memory of the process that watches one idle container. Two run, so that the pages of the program's file count as shared, as on a host in use.
if ('memory of the supervisor' -notlike $Include) { return }
function Get-PrivateMemory([string]$ProcessName, [string]$Argument) {
    $id = pgrep -n -f "$ProcessName.*$Argument"
    if (-not $id) { throw "No $ProcessName of $Argument is running." }
    $lines = [IO.File]::ReadAllLines("/proc/$id/smaps_rollup") -match '^Private_(Clean|Dirty):'
    $sum = 0
    foreach ($line in $lines) { $sum += [int]($line -replace '\D', '') }
    $sum
}

$idle = 1, 2 | ForEach-Object { Start-Container bench/base -Name "bench-idle-$_" -Network none -Command sleep, 1000 }
[Threading.Thread]::Sleep(1000)
$found = [ordered]@{ ours = Get-PrivateMemory ctrun $idle[1].Id }
$idle | Remove-Container -Force
if ($hasPodman) {
    $ids = 1, 2 | ForEach-Object { podman run -d --network none --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000 }
    $found.conmon = Get-PrivateMemory conmon $ids[1]
    Invoke-Quiet podman rm -f -t 0 @ids
}
if ($hasDocker) {
    $ids = 1, 2 | ForEach-Object { & $docker run -d --network none bench/base:latest sleep 1000 }
    $found.'containerd-shim' = Get-PrivateMemory containerd-shim $ids[1]
    Invoke-Quiet $docker rm -f @ids
}
foreach ($who in $found.Keys) {
    $notes.Add("memory of the supervisor: $who $($found[$who]) kB private")
}
