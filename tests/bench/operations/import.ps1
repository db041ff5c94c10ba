# A docker-archive of 125 MB in 2,000 files that do not compress.
if ('import 125 MB docker-archive' -notlike $Include) { return }
$random = [Random]::new(1)
[IO.Directory]::CreateDirectory("$work/big/data") | Out-Null
$bytes = [byte[]]::new(62500)
foreach ($number in 1..2000) {
    $random.NextBytes($bytes)
    [IO.File]::WriteAllBytes("$work/big/data/$number", $bytes)
}
[IO.File]::WriteAllText("$work/big/Dockerfile", "FROM scratch`nCOPY data /data`n")
# Made in another store: the layer must be new to the one that imports it.
$env:CONTAINERTOOLS_ROOT = "$work/other"
Build-Image "$work/big" -Tag bench/big -InformationAction Ignore | Out-Null
Export-Image bench/big -Path "$work/big.tar" | Out-Null
$env:CONTAINERTOOLS_ROOT = "$work/data"
$imports = [ordered]@{ ours = @{ Run = { Import-Image "$work/big.tar" }; After = { Remove-Image bench/big; Repair-ContainerEngine } } }
if ($hasPodman) { $imports.podman = @{ Run = { Invoke-Quiet podman load $policy -q -i "$work/big.tar" }; After = { Invoke-Quiet podman rmi -f --ignore bench/big docker.io/bench/big localhost/bench/big } } }
if ($hasDocker) { $imports.docker = @{ Run = { Invoke-Quiet $docker load -q -i "$work/big.tar" }; After = { Invoke-Quiet $docker rmi -f bench/big } } }
$imports.'tar x' = @{ Run = { sh -c 'mkdir "$1/unpacked" && cd "$1/unpacked" && tar xf ../big.tar && tar xf "$(find . -name "*.tar" | head -1)"' sh $work }; After = { [IO.Directory]::Delete("$work/unpacked", $true) } }
Measure-Operation 'import 125 MB docker-archive' $few $imports
