BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    Start-Container base -Name pester-web -User 1000 -Environment @{ MODE = 'live' } -Command sleep, 100 | Out-Null
}

AfterAll { Remove-TestStore }

Describe 'Invoke-ContainerCommand' {
    It 'runs inside, as the container''s user' { Invoke-ContainerCommand pester-web id -u | Should -Be '1000' }

    It 'sees the container''s environment' { Invoke-ContainerCommand pester-web sh -c 'echo $MODE' | Should -Be 'live' }

    It 'sets $LASTEXITCODE' {
        Invoke-ContainerCommand pester-web sh -c 'exit 3'
        $global:LASTEXITCODE | Should -Be 3
    }
}
