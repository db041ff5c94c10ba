# Wall and CPU time of operations that run in turn. CPU needs cgroup v1's cpuacct; elsewhere its columns stay empty.
$accounts = '/sys/fs/cgroup/cpuacct'
$ownGroup = $null
$homeGroup = $null
$madeGroups = [Collections.Generic.List[string]]::new()
$measurements = [Collections.Generic.List[object]]::new()

# Where the contestants put their containers.
$containerGroups = 'containertools', 'libpod_parent', 'ct-bench', 'buildah' | ForEach-Object { "$accounts/$_" }

function Start-Accounting {
    if (-not [IO.File]::Exists("$accounts/cpuacct.usage")) { return }
    $line = [IO.File]::ReadAllLines('/proc/self/cgroup') | Where-Object { $_ -match ':[^:]*\bcpuacct\b[^:]*:' }
    $script:homeGroup = $accounts + ($line -replace '^[^:]*:[^:]*:', '')
    $script:ownGroup = "$accounts/ct-bench-$PID"
    [IO.Directory]::CreateDirectory($ownGroup) | Out-Null
    [IO.File]::WriteAllText("$ownGroup/cgroup.procs", "$PID")

    # A parent that comes and goes would take its count with it; these stay until the end.
    foreach ($group in $containerGroups) {
        if (-not [IO.Directory]::Exists($group)) {
            [IO.Directory]::CreateDirectory($group) | Out-Null
            $madeGroups.Add($group)
        }
    }
}

function Stop-Accounting {
    if (-not $ownGroup) { return }
    [IO.File]::WriteAllText("$homeGroup/cgroup.procs", "$PID")
    sh -c 'for g in "$@"; do [ -d "$g" ] && find "$g" -depth -type d -exec rmdir {} \; 2>/dev/null; done
        # runc and podman make plain folders where a hierarchy would be mounted.
        mountpoint -q /sys/fs/cgroup/unified || rm -rf /sys/fs/cgroup/unified/ct-bench
        for c in /sys/fs/cgroup/*/ct-bench; do [ -d "$c" ] && find "$c" -depth -type d -exec rmdir {} \; ; done; exit 0' sh $ownGroup @madeGroups
}

# Milliseconds of CPU that this shell, what it started and all containers have used.
function Get-CpuTime {
    if (-not $ownGroup) { return }
    $sum = [double][IO.File]::ReadAllText("$ownGroup/cpuacct.usage")
    foreach ($group in $containerGroups) {
        if ([IO.File]::Exists("$group/cpuacct.usage")) { $sum += [double][IO.File]::ReadAllText("$group/cpuacct.usage") }
    }

    $sum / 1e6
}

function Get-Median([double[]]$Values) {
    $sorted = [double[]]$Values.Clone()
    [Array]::Sort($sorted)
    $middle = [int][math]::Floor($sorted.Length / 2)
    if ($sorted.Length % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

# Runs a program and shows what it said only when it fails.
function Invoke-Quiet([string]$Program) {
    $output = & $Program @args 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Program $args ended with $($LASTEXITCODE): $output" }
}

function Get-Ratio($Ours, $Theirs) {
    if ($Ours -and $Theirs) { [math]::Round($Ours / $Theirs, 3) }
}

# Runs the contestants in turn, one uncounted turn first, and adds a row for each. A contestant is @{ Run; Before; After }, of which only Run is timed.
function Measure-Operation([string]$Name, [int]$Count, [Collections.IDictionary]$Contestants) {
    if ($Name -notlike $Include) { return }
    $wall = @{}
    $cpu = @{}
    foreach ($who in $Contestants.Keys) {
        $wall[$who] = [Collections.Generic.List[double]]::new()
        $cpu[$who] = [Collections.Generic.List[double]]::new()
    }

    for ($round = -1; $round -lt $Count; $round++) {
        foreach ($who in $Contestants.Keys) {
            $contestant = $Contestants[$who]
            if ($contestant.Before) { & $contestant.Before | Out-Null }
            $cpuBefore = Get-CpuTime
            $watch = [Diagnostics.Stopwatch]::StartNew()
            & $contestant.Run | Out-Null
            $elapsed = $watch.Elapsed.TotalMilliseconds
            $used = if ($ownGroup) { (Get-CpuTime) - $cpuBefore }
            if ($contestant.After) { & $contestant.After | Out-Null }
            if ($round -ge 0) {
                $wall[$who].Add($elapsed)
                if ($ownGroup) { $cpu[$who].Add($used) }
            }
        }
    }

    $ourWall = Get-Median $wall.ours
    $ourCpu = if ($ownGroup) { Get-Median $cpu.ours }
    foreach ($who in $Contestants.Keys) {
        $theirWall = Get-Median $wall[$who]
        $theirCpu = if ($ownGroup) { Get-Median $cpu[$who] }
        $measurements.Add([pscustomobject]@{
                Operation = $Name
                Who       = $who
                WallMs    = [math]::Round($theirWall, 1)
                CpuMs     = if ($ownGroup) { [math]::Round($theirCpu, 1) }
                Wall      = if ($who -ne 'ours') { Get-Ratio $ourWall $theirWall }
                Cpu       = if ($who -ne 'ours') { Get-Ratio $ourCpu $theirCpu }
            })
    }
}
