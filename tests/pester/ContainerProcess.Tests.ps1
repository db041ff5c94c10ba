BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    Start-Container base -Name pester-web -Command sleep, 100 | Out-Null
}

AfterAll { Remove-TestStore }

Describe 'Get-ContainerProcess' {
    It 'lists the processes of a container' { @(Get-ContainerProcess pester-web).Count | Should -Be 1 }

    It 'refuses a container that does not run' {
        New-Container base -Name pester-new -Command true | Out-Null
        { Get-ContainerProcess pester-new -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
    }
}
