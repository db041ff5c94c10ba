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

Describe 'Logins' {
    BeforeAll { $env:DOCKER_CONFIG = [IO.Path]::Combine($store, 'docker') }

    AfterAll { $env:DOCKER_CONFIG = $null }

    It 'are kept only when the registry has accepted them' {
        $credential = [pscredential]::new('me', ('pester' | ConvertTo-SecureString -AsPlainText -Force))
        { Connect-ContainerRegistry localhost:1 $credential -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*'
        [IO.File]::Exists("$env:DOCKER_CONFIG/config.json") | Should -BeFalse
    }

    It 'of other tools are listed and forgotten' {
        $null = [IO.Directory]::CreateDirectory($env:DOCKER_CONFIG)
        [IO.File]::WriteAllText("$env:DOCKER_CONFIG/config.json", '{ "auths": { "pester.example": { "auth": "bWU6cGVzdGVy" } } }')
        (Get-ContainerRegistry pester.example).UserName | Should -Be 'me'
        Disconnect-ContainerRegistry pester.example
        Get-ContainerRegistry pester.example* | Should -BeNullOrEmpty
        { Disconnect-ContainerRegistry pester.example -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryLoginNotFound,*'
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
