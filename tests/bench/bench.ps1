<#
.SYNOPSIS
Compares ContainerTools with crun, runc, podman and buildah on this machine: one table of medians and ratios.

.DESCRIPTION
Runs alternate (ours, peer, peer, ours, …), so that a busy moment hits all. CPU is that of every process an operation caused, from a
cpuacct cgroup around this shell and the cgroups that containers are put in; without cgroup v1's cpuacct the CPU columns stay empty.
Runs as root, in ct or PowerShell 7.6, in a mount namespace of its own and on a store of its own. Build with -c Release for figures that mean something.

.PARAMETER Install
Install the peers from Debian first.

.PARAMETER Rounds
Rounds of the short operations; builds and imports take a third of it.

.PARAMETER Include
Only operations whose name is like this.

.EXAMPLE
dotnet run -c Release --project src/ContainerTools.Shell -- tests/bench/bench.ps1 -Install
#>
[CmdletBinding()]
param(
    [switch]$Install,
    [int]$Rounds = 15,
    [string]$Include = '*',
    [switch]$Inside
)

$ErrorActionPreference = 'Stop'
if ($Install) {
    sh -c 'set -e
        policy=/usr/sbin/policy-rc.d
        [ -e $policy ] || { printf "#!/bin/sh\nexit 101\n" >$policy; chmod +x $policy; trap "rm -f $policy" EXIT; }
        apt-get -o DPkg::Lock::Timeout=600 update -q >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends busybox-static crun runc podman buildah conmon netavark >/dev/null'
    if ($LASTEXITCODE -ne 0) { throw 'The peers could not be installed; see apt-get above.' }
}

if (-not $Inside) {
    # crun refuses a host that mounts both cgroup versions: the second tree is hidden, for this run only.
    $script = 'mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified; exec "$0" "$@"'
    unshare -m --propagation private sh -c $script ([Environment]::ProcessPath) -File $PSCommandPath -Inside -Rounds $Rounds -Include $Include
    exit $LASTEXITCODE
}

$work = [IO.Directory]::CreateTempSubdirectory('ct-bench-').FullName
$env:CONTAINERTOOLS_ROOT = "$work/data"
$env:CONTAINERTOOLS_RUN = "$work/run"
$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
if (-not (Get-Module ContainerTools)) {
    Import-Module "$root/out/ContainerTools/ContainerTools.psd1"
}

$ctrun = (Get-ContainerEngine).RuntimePath
function Test-Program([string]$Name) { [bool](Get-Command $Name -CommandType Application -ErrorAction Ignore) }

# ---- CPU of all processes ----------------------------------------------------------------------------------------------------------
$accounts = '/sys/fs/cgroup/cpuacct'
$ownGroup = $null
if ([IO.File]::Exists("$accounts/cpuacct.usage")) {
    $before = ([IO.File]::ReadAllLines("/proc/self/cgroup") | Where-Object { $_ -match ':[^:]*\bcpuacct\b[^:]*:' }) -replace '^[^:]*:[^:]*:', ''
    $ownGroup = "$accounts/ct-bench-$PID"
    [IO.Directory]::CreateDirectory($ownGroup) | Out-Null
    [IO.File]::WriteAllText("$ownGroup/cgroup.procs", "$PID")
}

$containerGroups = 'containertools', 'libpod_parent', 'ct-bench', 'buildah' | ForEach-Object { "$accounts/$_" }
function Get-CpuTime {
    if (-not $ownGroup) { return $null }
    $sum = [double][IO.File]::ReadAllText("$ownGroup/cpuacct.usage")
    foreach ($group in $containerGroups) {
        if ([IO.File]::Exists("$group/cpuacct.usage")) { $sum += [double][IO.File]::ReadAllText("$group/cpuacct.usage") }
    }
    $sum / 1e6
}

# A parent that comes and goes would take its count with it; these stay until the end.
$madeGroups = [Collections.Generic.List[string]]::new()
if ($ownGroup) {
    foreach ($group in $containerGroups) {
        if (-not [IO.Directory]::Exists($group)) {
            [IO.Directory]::CreateDirectory($group) | Out-Null
            $madeGroups.Add($group)
        }
    }
}

function Get-Median([double[]]$Values) {
    $sorted = [double[]]$Values.Clone()
    [Array]::Sort($sorted)
    $middle = [int][math]::Floor($sorted.Length / 2)
    if ($sorted.Length % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

$rows = [Collections.Generic.List[object]]::new()
function Measure-Operation([string]$Name, [int]$Count, [Collections.IDictionary]$Contestants) {
    if ($Name -notlike $Include) { return }
    $wall = @{}
    $cpu = @{}
    foreach ($key in $Contestants.Keys) {
        $wall[$key] = [Collections.Generic.List[double]]::new()
        $cpu[$key] = [Collections.Generic.List[double]]::new()
        & $Contestants[$key].Run | Out-Null                       # warm-up, not counted
        if ($Contestants[$key].After) { & $Contestants[$key].After | Out-Null }
    }

    for ($round = 0; $round -lt $Count; $round++) {
        foreach ($key in $Contestants.Keys) {
            $cpuBefore = Get-CpuTime
            $watch = [Diagnostics.Stopwatch]::StartNew()
            & $Contestants[$key].Run | Out-Null
            $wall[$key].Add($watch.Elapsed.TotalMilliseconds)
            if ($ownGroup) { $cpu[$key].Add((Get-CpuTime) - $cpuBefore) }
            if ($Contestants[$key].After) { & $Contestants[$key].After | Out-Null }
        }
    }

    $ours = Get-Median $wall.ours
    foreach ($key in $Contestants.Keys) {
        $theirs = Get-Median $wall[$key]
        $rows.Add([pscustomobject]@{
                Operation = $Name
                Who       = $key
                'Wall ms' = [math]::Round($theirs, 1)
                'CPU ms'  = if ($ownGroup) { [math]::Round((Get-Median $cpu[$key]), 1) }
                'Ratio'   = if ($key -eq 'ours') { $null } else { [math]::Round($ours / $theirs, 3) }
            })
    }
}

function Invoke-Quiet([string]$Program) {
    $output = & $Program @args 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Program $args ended with $($LASTEXITCODE): $output" }
}

try {
    # ---- podman and buildah, in folders of this run's own ----------------------------------------------------------------------------
    $nofile = sh -c 'ulimit -Hn'
    $nproc = sh -c 'ulimit -Hu'
    if ($nproc -eq 'unlimited') { $nproc = '32768' }
    [IO.File]::WriteAllText("$work/containers.conf", "[containers]`ndefault_ulimits = [`"nofile=${nofile}:$nofile`", `"nproc=${nproc}:$nproc`"]`nlog_driver = `"k8s-file`"`n[engine]`ncgroup_manager = `"cgroupfs`"`nevents_logger = `"file`"`n[network]`nnetwork_backend = `"netavark`"`n")
    [IO.File]::WriteAllText("$work/storage.conf", "[storage]`ndriver = `"overlay`"`ngraphroot = `"$work/peer-data`"`nrunroot = `"$work/peer-run`"`n")
    [IO.File]::WriteAllText("$work/policy.json", '{"default":[{"type":"insecureAcceptAnything"}]}')
    $env:CONTAINERS_CONF = "$work/containers.conf"
    $env:CONTAINERS_STORAGE_CONF = "$work/storage.conf"
    $policy = "--signature-policy=$work/policy.json"

    New-BaseImage bench/base -Command sh, cat, cp, ls, mkdir, seq, sleep, true, wc -Force | Out-Null
    $hasPodman = Test-Program podman
    $hasBuildah = Test-Program buildah
    if ($hasPodman) {
        Export-Image bench/base -Path "$work/base.tar" | Out-Null
        Invoke-Quiet podman load $policy -q -i "$work/base.tar"
        $podmanBase = (podman images -q | Where-Object { $_ })[0]
        Invoke-Quiet podman tag $podmanBase localhost/bench/base:latest
    }

    # ---- bare runtime: one bundle for all --------------------------------------------------------------------------------------------
    if (Test-Program crun) {
        $bundle = "$work/bundle"
        [IO.Directory]::CreateDirectory("$bundle/rootfs/bin") | Out-Null
        [IO.File]::Copy((Get-Command busybox -CommandType Application).Source, "$bundle/rootfs/bin/true")
        foreach ($folder in 'proc', 'dev', 'sys') { [IO.Directory]::CreateDirectory("$bundle/rootfs/$folder") | Out-Null }
        sh -c 'cd "$1" && crun spec' sh $bundle
        $config = [Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText("$bundle/config.json"))
        $config['process']['terminal'] = [Text.Json.Nodes.JsonValue]::Create($false)
        $config['process']['args'] = [Text.Json.Nodes.JsonNode]::Parse('["/bin/true"]')
        $config['process'].AsObject().Remove('rlimits') | Out-Null
        $config['linux']['cgroupsPath'] = [Text.Json.Nodes.JsonValue]::Create('/ct-bench/run')
        [IO.File]::WriteAllText("$bundle/config.json", $config.ToJsonString())
        $runtimes = [ordered]@{
            ours = @{ Run = { Invoke-Quiet $ctrun --root "$work/state-ours" run --bundle $bundle bench } }
            crun = @{ Run = { Invoke-Quiet crun --root "$work/state-crun" run --bundle $bundle bench } }
        }
        if (Test-Program runc) { $runtimes.runc = @{ Run = { Invoke-Quiet runc --root "$work/state-runc" run --bundle $bundle bench } } }
        Measure-Operation 'runtime: run true' $Rounds $runtimes
    }

    # ---- a whole container -----------------------------------------------------------------------------------------------------------
    $runs = [ordered]@{ ours = @{ Run = { Invoke-Container bench/base -Command true -Remove } } }
    if ($hasPodman) { $runs.podman = @{ Run = { Invoke-Quiet podman run --rm --network none --cgroup-parent /ct-bench localhost/bench/base:latest true } } }
    Measure-Operation 'run --rm true, no network' $Rounds $runs

    # ---- builds ----------------------------------------------------------------------------------------------------------------------
    $context = "$work/context"
    [IO.Directory]::CreateDirectory("$context/files") | Out-Null
    foreach ($number in 1..200) { [IO.File]::WriteAllText("$context/files/$number.txt", 'x' * 1000 + $number) }
    [IO.File]::WriteAllText("$context/Dockerfile", "FROM bench/base`nENV A=1`nWORKDIR /app`nRUN seq 1 1000 > numbers`nCOPY files/ ./files/`nRUN cat files/*.txt | wc -c > size`nCMD [`"cat`", `"size`"]`n")
    [IO.File]::WriteAllText("$context/Dockerfile.peer", [IO.File]::ReadAllText("$context/Dockerfile").Replace('FROM bench/base', 'FROM localhost/bench/base'))
    $fresh = [ordered]@{ ours = @{ Run = { Build-Image $context -Tag bench/app -NoCache -InformationAction Ignore } } }
    $again = [ordered]@{ ours = @{ Run = { Build-Image $context -Tag bench/app -InformationAction Ignore } } }
    if ($hasBuildah -and $hasPodman) {
        $fresh.buildah = @{ Run = { Invoke-Quiet buildah bud $policy --no-cache --pull-never --network none -t bench/app -f "$context/Dockerfile.peer" $context } }
        $again.buildah = @{ Run = { Invoke-Quiet buildah bud $policy --layers --pull-never --network none -t bench/app -f "$context/Dockerfile.peer" $context } }
    }
    $few = [math]::Max(3, [int]($Rounds / 3))
    Measure-Operation 'build, 6 steps, no cache' $few $fresh
    Measure-Operation 'build, unchanged' $few $again

    # ---- import ----------------------------------------------------------------------------------------------------------------------
    if ('import 125 MB docker-archive' -like $Include) {
        $random = [Random]::new(1)
        [IO.Directory]::CreateDirectory("$work/big/data") | Out-Null
        $bytes = [byte[]]::new(62500)
        foreach ($number in 1..2000) {
            $random.NextBytes($bytes)
            [IO.File]::WriteAllBytes("$work/big/data/$number", $bytes)
        }
        [IO.File]::WriteAllText("$work/big/Dockerfile", "FROM scratch`nCOPY data /data`n")
        Build-Image "$work/big" -Tag bench/big -NoCache -InformationAction Ignore | Out-Null
        Export-Image bench/big -Path "$work/big.tar" | Out-Null
        Remove-Image bench/big
        $imports = [ordered]@{ ours = @{ Run = { Import-Image "$work/big.tar" }; After = { Remove-Image bench/big; Repair-ContainerEngine } } }
        if ($hasPodman) { $imports.podman = @{ Run = { Invoke-Quiet podman load $policy -q -i "$work/big.tar" }; After = { Invoke-Quiet podman rmi -f --ignore bench/big docker.io/bench/big localhost/bench/big } } }
        Measure-Operation 'import 125 MB docker-archive' $few $imports
    }

    $load = [IO.File]::ReadAllText('/proc/loadavg').Split(' ')[0]
    "$($Rounds) rounds, load $load, $([Environment]::ProcessorCount) cores; ratio is our wall time over theirs."
    $rows
}
finally {
    Get-Container | Remove-Container -Force
    sh -c 'for m in $(awk -v w="$1/" ''index($5, w) == 1 { print $5 }'' /proc/self/mountinfo | tac); do umount -l "$m"; done; rm -rf "$1"; exit 0' sh $work
    if ($ownGroup) {
        [IO.File]::WriteAllText("$accounts$before/cgroup.procs", "$PID")
        sh -c 'shift; for g in "$@"; do find "$g" -depth -type d -exec rmdir {} \; 2>/dev/null; done; for c in /sys/fs/cgroup/*/ct-bench; do [ -d "$c" ] && find "$c" -depth -type d -exec rmdir {} \; ; done; exit 0' sh x $ownGroup @madeGroups
    }
}
