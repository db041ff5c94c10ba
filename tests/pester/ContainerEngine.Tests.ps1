BeforeAll { . $PSScriptRoot/common.ps1 }

AfterAll { Remove-TestStore }

Describe 'Get-ContainerEngine' {
    It 'names the store it works on' { (Get-ContainerEngine).Root | Should -Be $env:CONTAINERTOOLS_ROOT }
}

Describe 'Test-ContainerEngine' {
    It 'is true on a host that can run containers' { Test-ContainerEngine | Should -BeTrue }

    It 'says for each missing ability what to do' {
        Test-ContainerEngine -Detailed | Where-Object { -not $_.Passed } | ForEach-Object { $_.RecommendedAction | Should -Not -BeNullOrEmpty }
    }
}

Describe 'Repair-ContainerEngine' {
    It 'finds nothing in a healthy store' { Repair-ContainerEngine -WhatIf | Should -BeNullOrEmpty }
}

Describe 'The module' {
    It 'has help with a description for every cmdlet' {
        foreach ($command in Get-Command -Module ContainerTools -CommandType Cmdlet) {
            (Get-Help $command.Name).Description | Should -Not -BeNullOrEmpty -Because "$($command.Name) needs help"
        }
    }
}
