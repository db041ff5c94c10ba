BeforeAll { . $PSScriptRoot/common.ps1 }

AfterAll { Remove-TestStore }

Describe 'Settings of registries' {
    AfterEach {
        Remove-ContainerRegistry *
        Set-ContainerRegistry -SearchOrder @()
    }

    It 'are kept, changed and forgotten' {
        Set-ContainerRegistry pester.example:5000 -Mirror https://mirror.example -Blocked
        Set-ContainerRegistry pester.example:5000 -AllowUnencrypted -Blocked:$false
        $registry = Get-ContainerRegistry pester.example*
        $registry.Mirror | Should -Be 'https://mirror.example'
        $registry.AllowUnencrypted | Should -BeTrue
        $registry.Blocked | Should -BeFalse
        $registry | Remove-ContainerRegistry -WhatIf
        Get-ContainerRegistry pester.example:5000 | Remove-ContainerRegistry
        Get-ContainerRegistry pester* | Should -BeNullOrEmpty
    }

    It 'say where short names are searched' {
        Set-ContainerRegistry -SearchOrder pester.example, docker.io
        (Get-ContainerRegistry | Sort-Object SearchPosition).Name | Should -Be @('pester.example', 'docker.io')
    }

    It 'are checked' {
        { Set-ContainerRegistry https://pester.example -Blocked -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRegistryName,*'
        { Set-ContainerRegistry pester.example -CertificatePath /etc/hostname -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRegistrySetting,*'
        { Get-ContainerRegistry pester.example -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotFound,*'
    }
}

Describe 'The proxy of the engine' {
    AfterEach { Set-ContainerEngine -Proxy '' }

    It 'is shown without its password' {
        $engine = Set-ContainerEngine -Proxy http://me:pester@proxy.example:3128 -NoProxy .lan.example -PassThru
        $engine.Proxy | Should -Be 'http://***@proxy.example:3128'
        $engine.NoProxy | Should -Be '.lan.example'
    }
}
