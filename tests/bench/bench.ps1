<#
.SYNOPSIS
Compares ContainerTools with crun, runc, podman, buildah and docker on this machine: medians and ratios.

.DESCRIPTION
Runs alternate (ours, peer, peer, ours, …), so that a busy moment hits all. CPU is that of every process an operation caused, daemons included, from a
cpuacct cgroup around this shell and the cgroups that containers are put in; without cgroup v1's cpuacct the CPU columns stay empty.
Runs as root, in ct or PowerShell 7.6, in a mount and a network namespace of its own and on stores of its own. Peers that are not installed are left out.
Package the module first (build.ps1 -Task Package) for figures that mean something.

.PARAMETER Install
Install the peers from Debian first.

.PARAMETER Rounds
Rounds of the short operations; builds and imports take a third of it.

.PARAMETER Include
Only operations whose name is like this.

.PARAMETER Inside
The folder to work in, given by the script to itself.

.PARAMETER PassThru
Emit an object for each operation and contestant in place of the table: Operation, Who, WallMs, CpuMs, Wall (our wall time over theirs), Cpu.

.EXAMPLE
./build.ps1 -Task Package, Bench -Install
#>
[CmdletBinding()]
param(
    [switch]$Install,
    [int]$Rounds = 15,
    [string]$Include = '*',
    [switch]$PassThru,
    [string]$Inside
)

$ErrorActionPreference = 'Stop'
if ($Install) {
    sh "$PSScriptRoot/../install-prerequisites.sh" --bench | Out-Null
    if ($LASTEXITCODE -ne 0) { throw 'The peers could not be installed; see apt-get above.' }
}

if (-not $Inside) {
    # crun refuses a host that mounts both cgroup versions: the second tree is hidden, for this run only.
    $passed = @(if ($PassThru) { '-PassThru' })
    # All stores lie in a journalling ext4 of this run's own: on a file system that others use, or without a journal (whose inodes ext4 does not give out
    # again for a while after a removal, and looks for free ones longer and longer), a round would pay for what the rounds before it removed.
    $script = 'if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
        work=$(mktemp -d /tmp/ct-bench-XXXXXX)
        truncate -s 20G "$work.img" && mkfs.ext4 -q "$work.img" && mount -o loop "$work.img" "$work" || echo "No file system of its own: $work is a plain folder."
        shell=$1 script=$2; shift 2
        ip link set lo up
        "$shell" -File "$script" -Inside "$work" "$@"
        status=$?
        umount "$work" 2>/dev/null || umount -l "$work" 2>/dev/null
        rm -rf "$work" "$work.img"
        exit $status'
    # A ct that was not compiled ahead of time would measure the compiler.
    $packaged = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/ct/ct")
    $shell = [Environment]::ProcessPath
    if ([IO.Path]::GetFileName($shell) -in 'ct', 'dotnet' -and [IO.File]::Exists($packaged)) { $shell = $packaged }
    unshare -m -n --propagation private sh -c $script bench $shell $PSCommandPath -Rounds $Rounds -Include "$Include" @passed
    exit $LASTEXITCODE
}

$work = $Inside
$env:CONTAINERTOOLS_ROOT = "$work/data"
$env:CONTAINERTOOLS_RUN = "$work/run"
$module = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/ContainerTools/ContainerTools.psd1")
if (-not (Get-Module ContainerTools)) {
    Import-Module $module
}

. $PSScriptRoot/accounting.ps1
. $PSScriptRoot/peers.ps1
$notes = [Collections.Generic.List[string]]::new()
$few = [math]::Max(3, [int]($Rounds / 3))
try {
    Start-Accounting
    New-BaseImage bench/base -Command sh, cat, cp, iperf3, ls, mkdir, seq, sleep, true, wc -Force | Out-Null
    Export-Image bench/base -Path "$work/base.tar" | Out-Null
    Start-Peer
    foreach ($operation in 'runtime', 'container', 'network', 'traffic', 'names', 'build', 'import', 'registry', 'storage', 'module', 'memory') {
        . "$PSScriptRoot/operations/$operation.ps1"
    }

    $load = [IO.File]::ReadAllText('/proc/loadavg').Split(' ')[0]
    "$Rounds rounds, load $load, $([Environment]::ProcessorCount) cores, kernel $([Environment]::OSVersion.Version); Wall and Cpu are ours over theirs."
    (@(Get-PeerVersion) -join ' · ')
    if ($PassThru) {
        $measurements
    }
    else {
        '{0,-30} {1,-12} {2,10} {3,10} {4,8} {5,8}' -f 'Operation', 'Who', 'Wall ms', 'CPU ms', 'Wall', 'CPU'
        foreach ($row in $measurements) {
            '{0,-30} {1,-12} {2,10:n1} {3,10:n1} {4,8:n3} {5,8:n3}' -f $row.Operation, $row.Who, $row.WallMs, $row.CpuMs, $row.Wall, $row.Cpu
        }
    }

    $notes
}
finally {
    Get-Container | Remove-Container -Force
    Stop-Peer
    Stop-Accounting
    sh -c 'for m in $(awk -v w="$1/" ''index($5, w) == 1 { print $5 }'' /proc/self/mountinfo | tac); do umount -l "$m"; done; exit 0' sh $work
}
