# What the store's space goes to, with 100,000 files in it. Docker reckons by what it noted when layers came; du is the floor for whoever looks.
if ('disk usage, 100,000 files' -notlike $Include) { return }
[IO.Directory]::CreateDirectory("$work/many/data") | Out-Null
foreach ($number in 1..100000) {
    [IO.Directory]::CreateDirectory("$work/many/data/$($number % 500)") | Out-Null
    [IO.File]::WriteAllText("$work/many/data/$($number % 500)/$number", "$number")
}
[IO.File]::WriteAllText("$work/many/Dockerfile", "FROM scratch`nCOPY data /data`n")
Build-Image "$work/many" -Tag bench/many -InformationAction Ignore | Out-Null
Export-Image bench/many -Path "$work/many.tar" | Out-Null
$usages = [ordered]@{
    ours             = @{ Run = { Get-ContainerStorage } }
    'ours, detailed' = @{ Run = { Get-ContainerStorage -Detailed } }
}
if ($hasPodman) {
    Invoke-Quiet podman load $policy -q -i "$work/many.tar"
    $usages.podman = @{ Run = { Invoke-Quiet podman system df } }
}
if ($hasDocker) {
    Invoke-Quiet $docker load -q -i "$work/many.tar"
    $usages.docker = @{ Run = { Invoke-Quiet $docker system df } }
}
$usages.'du -s' = @{ Run = { Invoke-Quiet du -sx $env:CONTAINERTOOLS_ROOT } }
Measure-Operation 'disk usage, 100,000 files' $few $usages
Remove-Image bench/many
if ($hasPodman) { Invoke-Quiet podman rmi -f --ignore bench/many docker.io/bench/many localhost/bench/many }
if ($hasDocker) { Invoke-Quiet $docker rmi -f bench/many }
[IO.Directory]::Delete("$work/many", $true)
