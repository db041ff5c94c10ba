BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
}

AfterAll { Remove-TestStore }

Describe 'Invoke-Container' {
    It 'emits output lines and sets $LASTEXITCODE' {
        Invoke-Container base -Command sh, -c, 'echo one; echo two; exit 7' -Remove | Should -Be 'one', 'two'
        $global:LASTEXITCODE | Should -Be 7
    }

    It 'leaves nothing with -Remove' {
        Invoke-Container base -Name pester-gone -Command true -Remove
        Test-Container pester-gone | Should -BeFalse
    }

    It 'says which command is missing' {
        { Invoke-Container base -Command no-such-command -Remove -ErrorAction Stop } | Should -Throw '*no-such-command*'
    }
}

Describe 'A container from start to end' {
    AfterEach { Get-Container pester-* | Remove-Container -Force }

    It 'is found by state, name and wildcard while it runs' {
        $container = Start-Container base -Name pester-web -Command sleep, 100
        $container.State | Should -Be Running
        Get-Container -State Running | Where-Object Name -EQ pester-web | Should -Not -BeNullOrEmpty
        (Get-Container pester-w*).Id | Should -Be $container.Id
    }

    It 'is stopped and removed through the pipeline' {
        Start-Container base -Name pester-web -Command sleep, 100 | Stop-Container -Timeout 1 -PassThru | Remove-Container
        Test-Container pester-web | Should -BeFalse
    }

    It 'refuses to be removed while it runs, unless forced' {
        Start-Container base -Name pester-web -Command sleep, 100 | Out-Null
        { Remove-Container pester-web -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerRunning,*'
        Remove-Container pester-web -Force
        Test-Container pester-web | Should -BeFalse
    }

    It 'keeps its exit code' {
        Start-Container base -Name pester-job -Command sh, -c, 'exit 5' | Wait-Container | Out-Null
        (Get-Container pester-job).ExitCode | Should -Be 5
    }

    It 'takes a new name' {
        New-Container base -Name pester-old -Command true | Out-Null
        Rename-Container pester-old pester-new
        Test-Container pester-new | Should -BeTrue
        Test-Container pester-old | Should -BeFalse
    }

    It 'does not share its name' {
        New-Container base -Name pester-web -Command true | Out-Null
        { New-Container base -Name pester-web -Command true -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNameInUse,*'
    }
}
