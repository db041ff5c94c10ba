BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
}

AfterAll { Remove-TestStore }

Describe 'Send-ContainerSignal' {
    It 'reaches the process' {
        Start-Container base -Name pester-web -Command sh, -c, 'trap "exit 9" USR1; while :; do sleep 0.1; done' | Out-Null
        Send-ContainerSignal pester-web -Signal USR1
        Wait-Container pester-web | Out-Null
        (Get-Container pester-web).ExitCode | Should -Be 9
    }

    It 'refuses a signal that does not exist' {
        Start-Container base -Name pester-other -Command sleep, 100 | Out-Null
        { Send-ContainerSignal pester-other -Signal NOPE -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSignal,*'
    }
}
