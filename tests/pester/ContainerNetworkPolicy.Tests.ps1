BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    New-ContainerNetwork pester-shop -Subnet 10.89.4.0/24 -IPv6:$false | Out-Null
    Start-TestServer pester-db 5432 -With @{ Network = 'pester-shop'; Label = 'app=db' } | Out-Null
    Start-Container base -Name pester-web -Network pester-shop -Label app=web -Command sleep, 1000 | Out-Null
    Start-Container base -Name pester-job -Network pester-shop -Label app=job -Command sleep, 1000 | Out-Null

    function Read-Database([string] $From) { Invoke-ContainerCommand $From busybox nc -w 1 pester-db 5432 }
}

AfterAll { Remove-TestStore }

Describe 'A network policy' {
    AfterEach { Remove-ContainerNetworkPolicy pester-* }

    It 'is not needed to reach a container' { Read-Database pester-web | Should -Be 'pester-db' }

    It 'denies from its first moment to its last' {
        New-ContainerNetworkPolicy pester-no -Action Deny -FromLabel app=web -ToLabel app=db -Port 5432 | Out-Null
        Read-Database pester-web | Should -BeNullOrEmpty
        Read-Database pester-job | Should -Be 'pester-db'
        Remove-ContainerNetworkPolicy pester-no
        Read-Database pester-web | Should -Be 'pester-db'
    }

    It 'denies all but what another allows' {
        New-ContainerNetworkPolicy pester-quiet -DefaultDeny -ToNetwork pester-shop | Out-Null
        New-ContainerNetworkPolicy pester-web-db -Action Allow -FromLabel app=web -ToLabel app=db -Port 5432 | Out-Null
        Read-Database pester-web | Should -Be 'pester-db'
        Read-Database pester-job | Should -BeNullOrEmpty
    }

    It 'is listed and removed through the pipeline' {
        New-ContainerNetworkPolicy pester-one -Action Deny -Port 53/udp | Out-Null
        New-ContainerNetworkPolicy pester-two -Action Allow | Out-Null
        (Get-ContainerNetworkPolicy pester-o*).Port | Should -Be '53/udp'
        Get-ContainerNetworkPolicy pester-* | Remove-ContainerNetworkPolicy -WhatIf
        @(Get-ContainerNetworkPolicy pester-*).Count | Should -Be 2
        Get-ContainerNetworkPolicy pester-* | Remove-ContainerNetworkPolicy
        Get-ContainerNetworkPolicy pester-* | Should -BeNullOrEmpty
    }

    It 'has a name of its own' {
        New-ContainerNetworkPolicy pester-one -Action Deny -Port 53/udp | Out-Null
        { New-ContainerNetworkPolicy pester-one -Action Allow -ErrorAction Stop } | Should -Throw -ErrorId 'PolicyNameInUse,*'
        { Remove-ContainerNetworkPolicy pester-ghost -ErrorAction Stop } | Should -Throw -ErrorId 'PolicyNotFound,*'
    }
}
