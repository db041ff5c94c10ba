# Every test file starts with this: the built module, a store of the file's own, and a network namespace that is the host to its containers. Both go with the file.
$module = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'ContainerTools', 'ContainerTools.psd1')
$script:store = [IO.Directory]::CreateTempSubdirectory('ct-pester-').FullName
$env:CONTAINERTOOLS_ROOT = [IO.Path]::Combine($store, 'data')
$env:CONTAINERTOOLS_RUN = [IO.Path]::Combine($store, 'run')
$env:CONTAINERTOOLS_NETWORK_NAMESPACE = [IO.Path]::Combine($store, 'host')
[IO.File]::Create($env:CONTAINERTOOLS_NETWORK_NAMESPACE).Dispose()
unshare "--net=$env:CONTAINERTOOLS_NETWORK_NAMESPACE" busybox ip link set lo up
Import-Module $module -Force

function New-TestBase {
    if (-not (Test-Image base)) {
        New-BaseImage base -Command sh, busybox, cat, echo, getent, id, ls, ps, sleep, true | Out-Null
    }
}

# Runs a program where published ports are: on the host of the containers.
function Invoke-OnHost {
    nsenter "--net=$env:CONTAINERTOOLS_NETWORK_NAMESPACE" @args
}

# A container that answers every connection to a port with its own name.
function Start-TestServer([string] $Name, [int] $Port, [hashtable] $With = @{}) {
    Start-Container base -Name $Name -Command busybox, nc, '-ll', '-p', "$Port", '-e', echo, $Name @With
}

function Remove-TestStore {
    Get-Container | Remove-Container -Force
    Get-ContainerNetwork | Remove-ContainerNetwork -Force
    umount --lazy $env:CONTAINERTOOLS_NETWORK_NAMESPACE
    $env:CONTAINERTOOLS_NETWORK_NAMESPACE = $null
    [IO.Directory]::Delete($store, $true)
}
