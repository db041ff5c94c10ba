BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    Start-Container base -Name pester-log -Command sh, -c, 'echo one; echo two >&2; echo three' | Wait-Container | Out-Null
}

AfterAll { Remove-TestStore }

Describe 'Get-ContainerLog' {
    It 'reads every line' { @(Get-ContainerLog pester-log).Count | Should -Be 3 }

    It 'reads the newest lines' { @(Get-ContainerLog pester-log -Tail 1).Count | Should -Be 1 }

    It 'reads one stream' { @(Get-ContainerLog pester-log -Stream StdErr).Count | Should -Be 1 }
}
