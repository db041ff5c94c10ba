# Throughput into a container: through a published port, and between two containers on a bridge as what plain veth can do. A neighbour machine, a namespace, is the client.
if ('throughput' -notlike $Include -or -not (Test-Program iperf3)) { return }
$server = Start-Container bench/base -Name bench-iperf -Publish 5201 -Command iperf3, -s -StopTimeout 0
$port = (Get-ContainerPort bench-iperf)[0].HostPort
$address = (Get-Container bench-iperf).IPAddress
sh -c 'ip netns add ct-bench-neighbour && ip link add bench0 type veth peer name bench1 netns ct-bench-neighbour && ip address add 192.0.2.1/24 dev bench0 && ip link set bench0 up &&
    ip netns exec ct-bench-neighbour sh -c "ip address add 192.0.2.2/24 dev bench1 && ip link set bench1 up && ip link set lo up"'
# Docker's own rules drop what is forwarded for others (docs/firewall.md): here it runs beside us.
sh -c 'iptables -I DOCKER-USER -j ACCEPT 2>/dev/null; exit 0'
try {
    function Get-Throughput([string]$Namespace, [string]$Address, [int]$Port) {
        $json = ip netns exec $Namespace iperf3 -c $Address -p $Port -t 2 -J
        $received = [Text.Json.Nodes.JsonNode]::Parse("$json")['end']['sum_received']
        if (-not $received) { throw "iperf3 to ${Address}:$Port says: $json" }
        [double]$received['bits_per_second'].ToString() / 1e9
    }

    # The same path without bridge, rules and translation: a veth pair from the neighbour to the host and another from the host on, routed, to a container that is put into that namespace.
    sh -c 'ip netns add ct-bench-plain && ip link add bench2 type veth peer name bench3 netns ct-bench-plain && ip address add 198.51.100.1/24 dev bench2 && ip link set bench2 up &&
        ip netns exec ct-bench-plain sh -c "ip address add 198.51.100.2/24 dev bench3 && ip link set bench3 up && ip link set lo up && ip route add default via 198.51.100.1" &&
        ip netns exec ct-bench-neighbour ip route add 198.51.100.0/24 via 192.0.2.1'
    $beside = Start-Container bench/base -Name bench-iperf-plain -Network ns:/run/netns/ct-bench-plain -Command iperf3, -s -StopTimeout 0
    [Threading.Thread]::Sleep(500)
    $published = [Collections.Generic.List[double]]::new()
    $plain = [Collections.Generic.List[double]]::new()
    for ($round = 0; $round -lt $few; $round++) {
        $published.Add((Get-Throughput ct-bench-neighbour 192.0.2.1 $port))
        $plain.Add((Get-Throughput ct-bench-neighbour 198.51.100.2 5201))
    }

    $ours = Get-Median $published
    $theirs = Get-Median $plain
    $notes.Add(('throughput: {0:n1} Gbit/s through a published port, {1:n1} Gbit/s through plain veth pairs: {2:n3}' -f $ours, $theirs, ($ours / $theirs)))
}
finally {
    $server, $beside | Where-Object { $_ } | Remove-Container -Force
    sh -c 'ip netns delete ct-bench-plain; ip netns delete ct-bench-neighbour; exit 0'
}
