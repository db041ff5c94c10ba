<#
.SYNOPSIS
Builds, tests and packages ContainerTools.

.DESCRIPTION
Runs in PowerShell 7.6 and in the ct shell of this repository, so it uses PowerShell's language, its core commands and .NET, nothing else.

.PARAMETER Task
Build   compile everything and lay out out/ContainerTools.
Test    run every test project.
TestV2  run the tests that depend on cgroups or the kernel's version in a guest with pure cgroup v2 (needs the script that -VmRun names).
Pester  run tests/pester in PowerShell with Pester 5.
Package compile out/ContainerTools for release, ahead of time, ready for Import-Module and Publish-PSResource; and the ct shell into out/ct.
Bench   compare with the peers that are installed; -Install fetches them from Debian first.
Clean   remove everything that was built.

.PARAMETER Configuration
Debug or Release.

.PARAMETER Install
For Bench: install the peers.

.PARAMETER VmRun
For TestV2: a program that runs its arguments in a guest with pure cgroup v2.

.EXAMPLE
./build.ps1 -Task Package

.EXAMPLE
dotnet run --project src/ContainerTools.Shell -- build.ps1 -Task Bench -Install
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'TestV2', 'Pester', 'Package', 'Bench', 'Clean')]
    [string[]]$Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string]$Configuration = 'Debug',

    [switch]$Install,

    [string]$VmRun = [Environment]::GetEnvironmentVariable('CONTAINERTOOLS_VMRUN')
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$module = [IO.Path]::Combine($root, 'out', 'ContainerTools')
$shell = [IO.Path]::Combine($root, 'out', 'ct')

# Parameters of its own would catch a program's options: '-p' would be taken for one that starts with it.
function Invoke-Program {
    $program, $rest = $args
    & $program @rest
    if ($LASTEXITCODE -ne 0) {
        throw "$args ended with exit code $LASTEXITCODE."
    }
}

function Invoke-BuildTask {
    Invoke-Program dotnet build ([IO.Path]::Combine($root, 'ContainerTools.sln')) -c $Configuration --nologo -v q
}

function Invoke-TestTask {
    Invoke-Program dotnet test --solution ([IO.Path]::Combine($root, 'ContainerTools.sln')) -c $Configuration
}

function Invoke-TestV2Task {
    if (-not $VmRun -or -not [IO.File]::Exists($VmRun)) {
        throw 'TestV2 needs a program that runs commands in a guest with pure cgroup v2: give it with -VmRun, or set CONTAINERTOOLS_VMRUN.'
    }

    # Emulated guests are slow: one guest for all, only the tests that depend on cgroups (trait Cgroup) or on what the kernel has (trait Kernel), one after the other, the test
    # programs themselves rather than a runner around them, and no profiling by the compiler.
    $commands = foreach ($name in 'ContainerTools.Linux.Tests', 'ContainerTools.Runtime.Tests', 'ContainerTools.Engine.Tests') {
        Invoke-Program dotnet build ([IO.Path]::Combine($root, 'tests', $name)) -c $Configuration --nologo -v q | Out-Host
        $program = [IO.Path]::Combine($root, 'tests', $name, 'bin', $Configuration, 'net10.0', $name)
        "'$program' -noColor -noLogo -parallelMode none -trait Cgroup=any -trait Kernel=any || failed=1"
    }

    $script = "echo ""`$(uname -r), `$(stat -f -c %T /sys/fs/cgroup)""; failed=0; $($commands -join '; '); exit `$failed"
    Invoke-Program $VmRun '-p' $root -t 3000 -g v2 -e DOTNET_TieredPGO=0 '--' sh -c $script
}

function Invoke-PesterTask {
    if (-not (Get-Command Invoke-Pester -ErrorAction Ignore)) {
        throw 'The Pester task needs PowerShell 7.6 with Pester 5: Install-PSResource Pester -Version "[5.0,6.0)".'
    }

    $result = Invoke-Pester -Path ([IO.Path]::Combine($root, 'tests', 'pester')) -PassThru
    if ($result.FailedCount -gt 0) {
        throw "$($result.FailedCount) Pester tests failed."
    }
}

function Invoke-PackageTask {
    # Laid out beside the module that is there, which goes only when the new one is whole.
    $fresh = "$module.new"
    if ([IO.Directory]::Exists($fresh)) {
        [IO.Directory]::Delete($fresh, $true)
    }

    Invoke-Program dotnet publish ([IO.Path]::Combine($root, 'src', 'ContainerTools.Shell')) -c Release --nologo -v q '-p:ModuleReadyToRun=true' "-p:ModuleDirectory=$fresh/" -o $shell
    Test-ModuleManifest ([IO.Path]::Combine($fresh, 'ContainerTools.psd1')) | Out-Null
    if ([IO.Directory]::Exists($module)) {
        [IO.Directory]::Delete($module, $true)
    }

    [IO.Directory]::Move($fresh, $module)
    "The module is in $module, a shell for machines without PowerShell in $shell."
}

function Invoke-BenchTask {
    & ([IO.Path]::Combine($root, 'tests', 'bench', 'bench.ps1')) -Install:$Install
    if ($LASTEXITCODE -ne 0) {
        throw "The bench ended with exit code $LASTEXITCODE."
    }
}

function Invoke-CleanTask {
    foreach ($parent in 'src', 'tests') {
        foreach ($project in [IO.Directory]::GetDirectories([IO.Path]::Combine($root, $parent))) {
            foreach ($name in 'bin', 'obj', 'TestResults') {
                $folder = [IO.Path]::Combine($project, $name)
                # The ct that runs this script cannot be taken away under it.
                if ([IO.Directory]::Exists($folder) -and -not [AppContext]::BaseDirectory.StartsWith($folder + '/')) {
                    [IO.Directory]::Delete($folder, $true)
                }
            }
        }
    }

    $out = [IO.Path]::Combine($root, 'out')
    if ([IO.Directory]::Exists($out)) {
        [IO.Directory]::Delete($out, $true)
    }
}

foreach ($name in $Task) {
    switch ($name) {
        'Build' { Invoke-BuildTask }
        'Test' { Invoke-TestTask }
        'TestV2' { Invoke-TestV2Task }
        'Pester' { Invoke-PesterTask }
        'Package' { Invoke-PackageTask }
        'Bench' { Invoke-BenchTask }
        'Clean' { Invoke-CleanTask }
    }
}

exit 0
