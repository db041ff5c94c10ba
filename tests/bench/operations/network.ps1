# A whole container on a bridge network, and what the bridge adds to it; once more with 200 others on the same network.
if ('run --rm true, bridge' -notlike $Include) { return }
function Measure-Bridge([string]$Name) {
    $runs = [ordered]@{ ours = @{ Run = { Invoke-Container bench/base -Command true -Remove } }; 'ours, none' = @{ Run = { Invoke-Container bench/base -Command true -Remove -Network none } } }
    if ($hasPodman) {
        $runs.podman = @{ Run = { Invoke-Quiet podman run --rm --network bench-bridge --cgroup-parent /ct-bench localhost/bench/base:latest true } }
        $runs.'podman, none' = @{ Run = { Invoke-Quiet podman run --rm --network none --cgroup-parent /ct-bench localhost/bench/base:latest true } }
    }
    if ($hasDocker) {
        $runs.docker = @{ Run = { Invoke-Quiet $docker run --rm bench/base:latest true } }
        $runs.'docker, none' = @{ Run = { Invoke-Quiet $docker run --rm --network none bench/base:latest true } }
    }
    Measure-Operation $Name $Rounds $runs
    $of = @{}
    foreach ($row in $measurements) { if ($row.Operation -eq $Name) { $of[$row.Who] = $row } }
    $ours = $of.ours.WallMs - $of.'ours, none'.WallMs
    foreach ($who in 'podman', 'docker') {
        if ($of[$who]) {
            $theirs = $of[$who].WallMs - $of["$who, none"].WallMs
            $notes.Add(('{0}: the bridge adds {1:n1} ms of wall time to ours and {2:n1} ms to {3}: {4:n3}' -f $Name, $ours, $theirs, $who, ($ours / $theirs)))
        }
    }
}

if ($hasPodman) { Invoke-Quiet podman network create bench-bridge }
Measure-Bridge 'run --rm true, bridge'
$others = 1..200 | ForEach-Object { Start-Container bench/base -Name "bench-other-$_" -Command sleep, 1000 -StopTimeout 0 }
Measure-Operation 'the same, 200 running beside' $Rounds ([ordered]@{
        ours         = @{ Run = { Invoke-Container bench/base -Command true -Remove } }
        'ours, none' = @{ Run = { Invoke-Container bench/base -Command true -Remove -Network none } }
    })
$others | Remove-Container -Force
if ($hasPodman) { Invoke-Quiet podman network rm bench-bridge }
