# Pulls and pushes of two images by a registry on this host's loopback, and the unpacking of layers by themselves.
$registryOperations = 'pull 3 layers', 'pull 40 layers', 'pull again', 'push 3 layers', 'unpack on one core', 'unpack on two cores', 'import what is there'
if (-not ($registryOperations -like $Include)) { return }
if (-not (Test-Program docker-registry)) {
    $notes.Add('docker-registry is not installed: pulls and pushes are left out.')
    return
}

function Start-Registry([string]$Name, [int]$Port) {
    [IO.Directory]::CreateDirectory("$work/$Name") | Out-Null
    [IO.File]::WriteAllText("$work/$Name.yml", "version: 0.1`nlog: { level: error, accesslog: { disabled: true } }`nstorage: { filesystem: { rootdirectory: $work/$Name }, delete: { enabled: true } }`nhttp: { addr: 127.0.0.1:$Port, secret: bench }`n")
    [int](sh -c 'docker-registry serve "$1" >/dev/null 2>&1 & echo $!' sh "$work/$Name.yml")
}

# Programs and libraries of this host: what images are made of. About 270 MB in three layers, which compress to about a third.
sh -c 'cd "$1" && mkdir -p three/1 three/2 three/3
    take() { find "$2" -xdev -type f -size -4096k -size +0 -printf "%s %p\n" 2>/dev/null | sort -k 2 | awk -v most="$3" ''(sum += $1) < most { print substr($0, index($0, " ") + 1) }'' | cpio -pdm --quiet "three/$1" 2>/dev/null; }
    take 1 /usr/bin 90000000; take 2 /usr/lib/x86_64-linux-gnu 90000000; take 3 /usr/share 90000000' sh $work
[IO.File]::WriteAllText("$work/three/Dockerfile", "FROM scratch`nCOPY 1 /1`nCOPY 2 /2`nCOPY 3 /3`n")
[IO.Directory]::CreateDirectory("$work/forty") | Out-Null
$lines = [Collections.Generic.List[string]]::new()
$lines.Add('FROM scratch')
$random = [Random]::new(2)
foreach ($layer in 1..40) {
    [IO.Directory]::CreateDirectory("$work/forty/$layer") | Out-Null
    foreach ($file in 1..20) {
        $bytes = [byte[]]::new(40000)
        for ($i = 0; $i -lt 400; $i++) { $bytes[$i * 100] = $random.Next(256) }
        [IO.File]::WriteAllBytes("$work/forty/$layer/$file", $bytes)
    }
    $lines.Add("COPY $layer /$layer")
}
[IO.File]::WriteAllLines("$work/forty/Dockerfile", $lines)

$registries = @((Start-Registry registry 5001), (Start-Registry target 5002))
try {
    $env:CONTAINERTOOLS_ROOT = "$work/other"
    Build-Image "$work/three" -Tag localhost:5001/bench/three -InformationAction Ignore | Out-Null
    Build-Image "$work/forty" -Tag localhost:5001/bench/forty -InformationAction Ignore | Out-Null
    Publish-Image localhost:5001/bench/three, localhost:5001/bench/forty | Out-Null
    Export-Image localhost:5001/bench/three -Path "$work/three.tar" | Out-Null
    $env:CONTAINERTOOLS_ROOT = "$work/data"

    foreach ($name in 'three', 'forty') {
        $title = $name -eq 'three' ? 'pull 3 layers' : 'pull 40 layers'
        $image = "localhost:5001/bench/$name"
        $pulls = [ordered]@{ ours = @{ Run = { Receive-Image $image }; After = { Remove-Image $image } } }
        if ($hasPodman) { $pulls.podman = @{ Run = { Invoke-Quiet podman pull $policy -q --tls-verify=false $image }; After = { Invoke-Quiet podman rmi -f $image } } }
        if ($hasDocker) { $pulls.docker = @{ Run = { Invoke-Quiet $docker pull -q $image }; After = { Invoke-Quiet $docker rmi -f $image } } }
        Measure-Operation $title $few $pulls
    }

    $image = 'localhost:5001/bench/three'
    Receive-Image $image | Out-Null
    $again = [ordered]@{ ours = @{ Run = { Receive-Image $image } } }
    if ($hasPodman) { Invoke-Quiet podman pull $policy -q --tls-verify=false $image; $again.podman = @{ Run = { Invoke-Quiet podman pull $policy -q --tls-verify=false $image } } }
    if ($hasDocker) { Invoke-Quiet $docker pull -q $image; $again.docker = @{ Run = { Invoke-Quiet $docker pull -q $image } } }
    Measure-Operation 'pull again' $few $again

    # An image that was built here: everybody compresses it.
    if ($hasPodman) { Invoke-Quiet podman rmi -f $image; Invoke-Quiet podman load $policy -q -i "$work/three.tar" }
    if ($hasDocker) { Invoke-Quiet $docker rmi -f $image; Invoke-Quiet $docker load -q -i "$work/three.tar"; Invoke-Quiet $docker tag $image localhost:5002/bench/three }
    $empty = { sh -c 'rm -rf "$1/target/docker"' sh $work }
    $pushes = [ordered]@{ ours = @{ Run = { Publish-Image $image localhost:5002/bench/three }; Before = { $env:CONTAINERTOOLS_ROOT = "$work/other" }; After = { $env:CONTAINERTOOLS_ROOT = "$work/data"; & $empty } } }
    if ($hasPodman) { $pushes.podman = @{ Run = { Invoke-Quiet podman push -q --tls-verify=false $image localhost:5002/bench/three }; After = $empty } }
    if ($hasDocker) { $pushes.docker = @{ Run = { Invoke-Quiet $docker push -q localhost:5002/bench/three }; After = $empty } }
    Measure-Operation 'push 3 layers' $few $pushes

    # The same layers with gzip and tar, one after another.
    Export-Image $image -Path "$work/layout" -Format OciLayout | Out-Null
    Remove-Image $image
    $tar = { sh -c 'cd "$1" && for blob in layout/blobs/sha256/*; do case $(head -c 2 "$blob" | od -An -tx1) in *1f*8b*) mkdir -p "untar/$(basename "$blob")" && gzip -dc "$blob" | tar -x -C "untar/$(basename "$blob")" -f - ;; esac; done' sh $work }
    $tidy = { [IO.Directory]::Delete("$work/untar", $true) }
    $unpack = { Import-Image "$work/layout" -Tag bench/unpacked }
    foreach ($cores in 'one', 'two') {
        # Threads that begin later inherit the cores of the one that begins them.
        sh -c 'taskset -a -p -c "$1" "$2" >/dev/null' sh ($cores -eq 'one' ? '0' : '0,1') $PID
        Measure-Operation "unpack on $cores core$($cores -eq 'one' ? '' : 's')" $few ([ordered]@{
            ours = @{ Run = $unpack; After = { Remove-Image bench/unpacked } }
            'gzip | tar' = @{ Run = $tar; After = $tidy }
        })
    }

    Import-Image "$work/three.tar" | Out-Null
    Measure-Operation 'import what is there' $Rounds ([ordered]@{ ours = @{ Run = { Import-Image "$work/three.tar" } } })
    Remove-Image $image
}
finally {
    foreach ($process in $registries) { sh -c 'kill "$1"' sh $process }
}
