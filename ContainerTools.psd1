@{
    RootModule           = 'ContainerTools.Cmdlets.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b1c6d0e-7a54-4e0c-9a0f-3c2f6a9e41d7'
    Author               = 'ContainerTools contributors'
    CompanyName          = 'ContainerTools contributors'
    Copyright            = '(c) ContainerTools contributors. MIT licence.'
    Description          = 'A container engine as a PowerShell module: build, run and inspect OCI containers on Linux with typed objects. No daemon, no other engine.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('ContainerTools.Types.ps1xml')
    FormatsToProcess     = @('ContainerTools.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Add-ImageTag'
        'Build-Image'
        'Connect-ContainerNetwork'
        'Disconnect-ContainerNetwork'
        'Export-Image'
        'Get-Container'
        'Get-ContainerEngine'
        'Get-ContainerLog'
        'Get-ContainerNetwork'
        'Get-ContainerNetworkPolicy'
        'Get-ContainerPort'
        'Get-ContainerProcess'
        'Get-Image'
        'Get-ImageHistory'
        'Import-Image'
        'Invoke-Container'
        'Invoke-ContainerCommand'
        'New-BaseImage'
        'New-Container'
        'New-ContainerNetwork'
        'New-ContainerNetworkPolicy'
        'Remove-Container'
        'Remove-ContainerNetwork'
        'Remove-ContainerNetworkPolicy'
        'Remove-Image'
        'Remove-ImageTag'
        'Rename-Container'
        'Repair-ContainerEngine'
        'Repair-ContainerNetwork'
        'Restart-Container'
        'Resume-Container'
        'Send-ContainerSignal'
        'Set-Container'
        'Set-ContainerEngine'
        'Set-ContainerNetwork'
        'Start-Container'
        'Stop-Container'
        'Suspend-Container'
        'Test-Container'
        'Test-ContainerConnection'
        'Test-ContainerEngine'
        'Test-Image'
        'Wait-Container'
    )
    AliasesToExport      = @(
        'Add-ContainerImageTag'
        'Build-ContainerImage'
        'Exec-Container'
        'Export-ContainerImage'
        'Get-ContainerImage'
        'Get-ContainerImageHistory'
        'Import-ContainerImage'
        'Remove-ContainerImage'
        'Remove-ContainerImageTag'
        'Run-Container'
        'Test-ContainerImage'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('PSEdition_Core', 'Linux', 'Containers', 'Container', 'Docker', 'OCI', 'Dockerfile', 'Image', 'Network')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
