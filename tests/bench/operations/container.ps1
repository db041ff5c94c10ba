# A whole container, from the image to its removal; ctrun alone stands beside it as the floor.
$runs = [ordered]@{ ours = @{ Run = { Invoke-Container bench/base -Command true -Remove -Network none } } }
if ($hasPodman) { $runs.podman = @{ Run = { Invoke-Quiet podman run --rm --network none --cgroup-parent /ct-bench localhost/bench/base:latest true } } }
if ($hasDocker) { $runs.docker = @{ Run = { Invoke-Quiet $docker run --rm --network none bench/base:latest true } } }
if ([IO.File]::Exists("$work/bundle/config.json")) { $runs.'ctrun run' = @{ Run = { Invoke-Quiet $ctrun --root "$work/state-ours" run --bundle "$work/bundle" bench } } }
Measure-Operation 'run --rm true, no network' $Rounds $runs

if ('exec true' -notlike $Include) { return }
$web = Start-Container bench/base -Name bench-exec -Network none -Command sleep, 1000
$execs = [ordered]@{ ours = @{ Run = { Invoke-ContainerCommand bench-exec true } } }
if ($hasPodman) {
    Invoke-Quiet podman run -d --name bench-exec --network none --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000
    $execs.podman = @{ Run = { Invoke-Quiet podman exec bench-exec true } }
}
if ($hasDocker) {
    Invoke-Quiet $docker run -d --name bench-exec --network none bench/base:latest sleep 1000
    $execs.docker = @{ Run = { Invoke-Quiet $docker exec bench-exec true } }
}
Measure-Operation 'exec true' $Rounds $execs
Remove-Container $web -Force
if ($hasPodman) { Invoke-Quiet podman rm -f -t 0 bench-exec }
if ($hasDocker) { Invoke-Quiet $docker rm -f bench-exec }
