BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    New-ContainerNetwork pester-shop | Out-Null
    New-ContainerNetwork pester-else | Out-Null
    Start-TestServer pester-db 5432 -With @{ Network = 'pester-shop' } | Out-Null
    Start-Container base -Name pester-web -Network pester-shop -Command sleep, 1000 | Out-Null
    Start-Container base -Name pester-far -Network pester-else -Command sleep, 1000 | Out-Null
}

AfterAll { Remove-TestStore }

Describe 'Test-ContainerConnection' {
    It 'is true where somebody listens' { Test-ContainerConnection pester-web pester-db -Port 5432 | Should -BeTrue }

    It 'is false with a warning where nobody listens' {
        Test-ContainerConnection pester-web pester-db -Port 5433 -WarningVariable warning -WarningAction SilentlyContinue | Should -BeFalse
        "$warning" | Should -Match '5433'
    }

    It 'names the step that failed: <Step>' -ForEach @(
        @{ From = 'pester-web'; To = 'no-such-name'; Port = 80; Step = 'Name' }
        @{ From = 'pester-web'; To = 'pester-db'; Port = 5433; Step = 'Listener' }
    ) {
        $result = Test-ContainerConnection $From $To -Port $Port -Detailed
        $result.Succeeded | Should -BeFalse
        $result.Step[-1].Name | Should -Be $Step
        $result.Step[-1].Passed | Should -BeFalse
        $result.Reason | Should -Not -BeNullOrEmpty
    }

    It 'does not reach another network' {
        Get-Container pester-far | Test-ContainerConnection -Target pester-db -Port 5432 -Timeout 1s -WarningAction SilentlyContinue | Should -BeFalse
    }

    It 'names the policy that is in the way' {
        New-ContainerNetworkPolicy pester-no -Action Deny -Port 5432 | Out-Null
        $result = Test-ContainerConnection pester-web pester-db -Port 5432 -Detailed
        Remove-ContainerNetworkPolicy pester-no
        $result.Step[-1].Name | Should -Be 'Rule'
        $result.Reason | Should -Match 'pester-no'
    }
}
