BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
}

AfterAll { Remove-TestStore }

Describe 'A published port' {
    AfterEach { Get-Container pester-* | Remove-Container -Force }

    It 'leads to the container' {
        Start-TestServer pester-web 80 -With @{ Publish = '127.0.0.1:8080:80' } | Out-Null
        Invoke-OnHost busybox nc -w 2 127.0.0.1 8080 | Should -Be 'pester-web'
    }

    It 'is emitted with its container' {
        New-Container base -Name pester-web -Publish 127.0.0.1:8080:80, 5353:53/udp, 3000-3005:3000-3005 -Command true | Out-Null
        $ports = Get-Container pester-web | Get-ContainerPort
        "$ports" | Should -Be '127.0.0.1:8080:80/tcp 5353:53/udp 3000-3005:3000-3005/tcp'
        $ports[0].Container | Should -Be 'pester-web'
    }

    It 'is chosen by the engine where none is named' {
        $web = Start-TestServer pester-web 80 -With @{ Publish = 80 }
        $port = ($web | Get-ContainerPort).HostPort
        $port | Should -BeGreaterThan 0
        Invoke-OnHost busybox nc -w 2 127.0.0.1 $port | Should -Be 'pester-web'
    }

    It 'belongs to one container at a time' {
        Start-Container base -Name pester-web -Publish 8080:80 -Command sleep, 100 | Out-Null
        { Start-Container base -Name pester-other -Publish 8080:80 -Command sleep, 100 -ErrorAction Stop } | Should -Throw -ErrorId 'PortInUse,*'
        Test-Container pester-other | Should -BeFalse
    }

    It 'changes while the container runs' {
        Start-TestServer pester-web 80 -With @{ Publish = '127.0.0.1:8080:80' } | Out-Null
        Set-Container pester-web -Publish 127.0.0.1:8081:80
        Invoke-OnHost busybox nc -w 2 127.0.0.1 8081 | Should -Be 'pester-web'
        Invoke-OnHost busybox nc -w 1 127.0.0.1 8080 | Should -BeNullOrEmpty
        Get-Container pester-web | Set-Container -Publish @()
        Get-ContainerPort pester-web | Should -BeNullOrEmpty
    }

    It 'is refused with a reason when it is malformed: <Text>' -ForEach @(
        @{ Text = '70000:80'; Reason = '*70000 is no port*' }
        @{ Text = '3000-3005:80'; Reason = '*6 ports of the host*' }
        @{ Text = '8080:80/icmp'; Reason = '*icmp*' }
        @{ Text = 'localhost:8080:80'; Reason = '*localhost*' }
        @{ Text = '::1:8080:80'; Reason = '*brackets*' }
    ) {
        { New-Container base -Name pester-web -Publish $Text -Command true } | Should -Throw $Reason
    }
}

Describe 'Set-ContainerEngine' {
    AfterAll { Set-ContainerEngine -DefaultBindAddress '' }

    It 'says where ports are published when no address is named' {
        Set-ContainerEngine -DefaultBindAddress 127.0.0.1
        (Get-ContainerEngine).DefaultBindAddress | Should -Be '127.0.0.1'
        Start-Container base -Name pester-web -Publish 8080:80 -Command sleep, 100 | Out-Null
        (Get-ContainerPort pester-web).HostAddress | Should -Be '127.0.0.1'
        Remove-Container pester-web -Force
    }

    It 'refuses a setting that cannot be' {
        { Set-ContainerEngine -DefaultBindAddress nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidEngineSetting,*'
    }
}
