# Queries for a container's name, asked from inside a container: dnsperf against our resolver, and against podman's aardvark-dns.
if ('names' -notlike $Include -or -not (Test-Program dnsperf)) { return }
function Get-ProcessorTime([string]$ProcessId) {
    $fields = [IO.File]::ReadAllText("/proc/$ProcessId/stat") -replace '^.*\) ', '' -split ' '
    ([double]$fields[11] + [double]$fields[12]) * 10000 # ticks of 10 ms, in microseconds
}

# dnsperf, the client, takes more of the two cores than the servers do: what a query costs the server says more than how many there were.
function Measure-Query([string]$ProcessId, [string]$Server, [string]$Name, [string]$ServerProcessId) {
    [IO.File]::WriteAllText("$work/names.txt", "$Name A`n")
    $before = Get-ProcessorTime $ServerProcessId
    $text = "$(nsenter -t $ProcessId -n dnsperf -s $Server -d "$work/names.txt" -l 3 -c 8 -T 2 2>&1)"
    $used = (Get-ProcessorTime $ServerProcessId) - $before
    if ($text -notmatch 'Queries completed:\s+([0-9]+)') { throw "dnsperf says: $text" }
    $completed = [double]$Matches[1]
    if ($text -notmatch 'Queries per second:\s+([0-9.]+)') { throw "dnsperf says: $text" }
    [pscustomobject]@{ Rate = [double]::Parse($Matches[1], [cultureinfo]::InvariantCulture); Cost = $used / $completed }
}

function Get-ParentProcess([string]$ProcessId) {
    ([IO.File]::ReadAllText("/proc/$ProcessId/stat") -replace '^.*\) ', '' -split ' ')[1]
}

$web = Start-Container bench/base -Name bench-names -Command sleep, 1000 -StopTimeout 0
$target = Start-Container bench/base -Name bench-target -Command sleep, 1000 -StopTimeout 0
$resolve = @{ Ours = @($web.Pid, '127.0.0.11', 'bench-target', (Get-ParentProcess $web.Pid)) }
$aardvark = $hasPodman -and [IO.File]::Exists('/usr/lib/podman/aardvark-dns')
if ($aardvark) {
    Invoke-Quiet podman network create bench-names
    Invoke-Quiet podman run -d --name bench-names --network bench-names --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000
    Invoke-Quiet podman run -d --name bench-target --network bench-names --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000
    $server = podman network inspect bench-names --format '{{(index .Subnets 0).Gateway}}'
    $process = [IO.File]::ReadAllText('/run/containers/networks/aardvark-dns/aardvark.pid').Trim()
    $resolve.Aardvark = @((podman inspect bench-names --format '{{.State.Pid}}'), "$server", 'bench-target', $process)
}

$queries = @{ Ours = @(); Aardvark = @() }
for ($round = 0; $round -lt $few; $round++) {
    foreach ($who in $resolve.Keys) {
        $of = $resolve[$who]
        $queries[$who] += Measure-Query @of
    }
}

$ours = Get-Median ([double[]]$queries.Ours.Rate)
$cost = Get-Median ([double[]]$queries.Ours.Cost)
$notes.Add(('names: {0:n0} queries a second of one container, {1:n2} microseconds of CPU each' -f $ours, $cost))
$web, $target | Remove-Container -Force
if ($aardvark) {
    Invoke-Quiet podman rm -f -t 0 bench-names bench-target
    Invoke-Quiet podman network rm bench-names
    $theirs = Get-Median ([double[]]$queries.Aardvark.Rate)
    $theirCost = Get-Median ([double[]]$queries.Aardvark.Cost)
    $notes.Add(('names: aardvark-dns {0:n0} a second, {1:n2} microseconds each; ours over theirs: {2:n2}, for {3:n2} of the CPU a query' -f $theirs, $theirCost, ($ours / $theirs), ($cost / $theirCost)))
}
