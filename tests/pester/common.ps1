# Every test file starts with this: the built module, and a store of the file's own that goes with it.
$module = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'ContainerTools', 'ContainerTools.psd1')
$script:store = [IO.Directory]::CreateTempSubdirectory('ct-pester-').FullName
$env:CONTAINERTOOLS_ROOT = [IO.Path]::Combine($store, 'data')
$env:CONTAINERTOOLS_RUN = [IO.Path]::Combine($store, 'run')
Import-Module $module -Force

function New-TestBase {
    if (-not (Test-Image base)) {
        New-BaseImage base -Command sh, cat, echo, id, ls, ps, sleep, true | Out-Null
    }
}

function Remove-TestStore {
    Get-Container | Remove-Container -Force
    [IO.Directory]::Delete($store, $true)
}
