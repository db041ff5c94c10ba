# Queries for a container's name, asked from inside a container: dnsperf against our resolver, and against podman's aardvark-dns.
if ('names' -notlike $Include -or -not (Test-Program dnsperf)) { return }
function Get-QueryRate([string]$ProcessId, [string]$Server, [string]$Name) {
    [IO.File]::WriteAllText("$work/names.txt", "$Name A`n")
    $text = "$(nsenter -t $ProcessId -n dnsperf -s $Server -d "$work/names.txt" -l 3 -c 8 -T 2 2>&1)"
    if ($text -notmatch 'Queries per second:\s+([0-9.]+)') { throw "dnsperf says: $text" }
    [double]::Parse($Matches[1], [cultureinfo]::InvariantCulture)
}

$web = Start-Container bench/base -Name bench-names -Command sleep, 1000 -StopTimeout 0
$target = Start-Container bench/base -Name bench-target -Command sleep, 1000 -StopTimeout 0
$ours = Get-QueryRate $web.Pid 127.0.0.11 bench-target
$web, $target | Remove-Container -Force
$notes.Add(('names: {0:n0} queries a second of one container' -f $ours))
if ($hasPodman -and [IO.File]::Exists('/usr/lib/podman/aardvark-dns')) {
    Invoke-Quiet podman network create bench-names
    Invoke-Quiet podman run -d --name bench-names --network bench-names --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000
    Invoke-Quiet podman run -d --name bench-target --network bench-names --cgroup-parent /ct-bench localhost/bench/base:latest sleep 1000
    $server = podman network inspect bench-names --format '{{(index .Subnets 0).Gateway}}'
    $theirs = Get-QueryRate (podman inspect bench-names --format '{{.State.Pid}}') "$server" bench-target
    Invoke-Quiet podman rm -f -t 0 bench-names bench-target
    Invoke-Quiet podman network rm bench-names
    $notes.Add(('names: aardvark-dns answers {0:n0} a second; ours over theirs: {1:n2}' -f $theirs, ($ours / $theirs)))
}
