# The peers that are installed, each on a store of this run's own, with bench/base loaded.
$hasPodman = $false
$hasBuildah = $false
$hasDocker = $false
$dockerPid = $null
$docker = if ([IO.File]::Exists('/usr/bin/docker')) { '/usr/bin/docker' } else { 'docker' }
$policy = "--signature-policy=$work/policy.json"

function Test-Program([string]$Name) { [bool](Get-Command $Name -CommandType Application -ErrorAction Ignore) }

function Start-Podman {
    # A host may forbid to raise hard limits: podman is told to stay within them.
    $limits = [IO.File]::ReadAllLines('/proc/self/limits')
    $nofile = [regex]::Match(($limits -match '^Max open files'), '(\S+)\s+files\s*$').Groups[1].Value
    $nproc = [regex]::Match(($limits -match '^Max processes'), '(\S+)\s+processes\s*$').Groups[1].Value
    if ($nproc -eq 'unlimited' -or [long]$nproc -gt 32768) { $nproc = '32768' }
    [IO.File]::WriteAllText("$work/containers.conf", "[containers]`ndefault_ulimits = [`"nofile=${nofile}:$nofile`", `"nproc=${nproc}:$nproc`"]`nlog_driver = `"k8s-file`"`n[engine]`ncgroup_manager = `"cgroupfs`"`nevents_logger = `"file`"`n[network]`nnetwork_backend = `"netavark`"`nnetwork_config_dir = `"$work/podman-networks`"`n")
    [IO.File]::WriteAllText("$work/storage.conf", "[storage]`ndriver = `"overlay`"`ngraphroot = `"$work/podman-data`"`nrunroot = `"$work/podman-run`"`n")
    [IO.File]::WriteAllText("$work/policy.json", '{"default":[{"type":"insecureAcceptAnything"}]}')
    $env:CONTAINERS_CONF = "$work/containers.conf"
    $env:CONTAINERS_STORAGE_CONF = "$work/storage.conf"
    Invoke-Quiet podman load $policy -q -i "$work/base.tar"
    $image = (podman images -q | Where-Object { $_ })[0]
    Invoke-Quiet podman tag $image localhost/bench/base:latest
    $script:hasPodman = $true
    $script:hasBuildah = Test-Program buildah
}

function Start-Docker {
    $env:DOCKER_HOST = "unix://$work/docker.sock"
    $start = 'dockerd -H "unix://$1/docker.sock" --data-root "$1/docker-data" --exec-root "$1/docker-exec" --pidfile "$1/docker.pid" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent /ct-bench/docker --storage-driver overlay2 --oom-score-adjust 0 >"$1/dockerd.log" 2>&1 & echo $!'
    $script:dockerPid = sh -c $start sh $work
    for ($try = 0; $try -lt 300; $try++) {
        & $docker version *>$null
        if ($LASTEXITCODE -eq 0) { break }
        [Threading.Thread]::Sleep(100)
    }

    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine("dockerd does not start and is left out:`n" + [IO.File]::ReadAllText("$work/dockerd.log"))
        return
    }

    Invoke-Quiet $docker load -q -i "$work/base.tar"
    $script:hasDocker = $true
}

function Start-Peer {
    if (Test-Program podman) { Start-Podman }
    if (Test-Program dockerd) { Start-Docker }
}

function Stop-Peer {
    if ($hasPodman) { podman rm -f -a -t 0 *>$null }
    if ($dockerPid) {
        sh -c 'kill "$1"; i=0; while kill -0 "$1" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done; exit 0' sh $dockerPid
    }
}

function Get-PeerVersion {
    foreach ($name in 'crun', 'runc', 'podman', 'buildah') {
        if (Test-Program $name) { @(& $name --version)[0] }
    }

    if ($hasDocker) { 'dockerd ' + (& $docker version --format '{{.Server.Version}}') }
}
