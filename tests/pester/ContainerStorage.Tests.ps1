BeforeAll {
    . $PSScriptRoot/common.ps1
    New-BaseImage test/base -Command true -Force
}

AfterAll { Remove-TestStore }

Describe 'Get-ContainerStorage' {
    It 'accounts for all that du finds' {
        (Get-ContainerStorage | Measure-Object Size -Sum).Sum | Should -Be ((du -sx --block-size=1 $env:CONTAINERTOOLS_ROOT) -split "`t")[0]
    }

    It 'has items that add up to the rows' {
        (Get-ContainerStorage -Detailed | Where-Object Kind -EQ Image | Measure-Object Size -Sum).Sum | Should -Be (Get-ContainerStorage | Where-Object Kind -EQ Image).Size
    }
}

Describe 'Clear-ContainerStorage' {
    It 'lists victims under -WhatIf and keeps them' {
        Clear-ContainerStorage -All -WhatIf | Where-Object Kind -EQ Image | Should -HaveCount 1
        Test-Image test/base | Should -BeTrue
    }

    It 'refuses to clear the catalogue' {
        { Clear-ContainerStorage -Scope Catalog -ErrorAction Stop } | Should -Throw -ErrorId 'ScopeNotClearable,*'
    }

    It 'takes away images that no container was made of' {
        (Clear-ContainerStorage -All -Force | Where-Object Kind -EQ Image).Removed | Should -BeTrue
        Test-Image test/base | Should -BeFalse
    }
}

Describe 'Test-ContainerStorage' {
    It 'is true for a sound store' { Test-ContainerStorage -Deep | Should -BeTrue }

    It 'finds what Repair-ContainerStorage takes away' {
        [IO.Directory]::CreateDirectory([IO.Path]::Combine($env:CONTAINERTOOLS_ROOT, 'work', 'import-1')) | Out-Null
        Test-ContainerStorage | Should -BeFalse
        (Repair-ContainerStorage).Repaired | Should -BeTrue
        Test-ContainerStorage | Should -BeTrue
    }
}
