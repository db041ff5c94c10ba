BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
}

AfterAll { Remove-TestStore }

Describe 'A network from start to end' {
    AfterEach {
        Get-Container pester-* | Remove-Container -Force
        Get-ContainerNetwork pester-* | Remove-ContainerNetwork -Force
    }

    It 'has the subnet and gateway it was asked for' {
        $network = New-ContainerNetwork pester-shop -Subnet 10.89.4.0/24 -IPv6:$false
        "$($network.Subnet)" | Should -Be '10.89.4.0/24'
        $network.Subnet[0].Gateway | Should -Be '10.89.4.1'
        (Get-ContainerNetwork pester-s*).Id | Should -Be $network.Id
    }

    It 'takes subnets that do not clash where none is asked for' {
        New-ContainerNetwork pester-a | Out-Null
        New-ContainerNetwork pester-b | Out-Null
        "$((Get-ContainerNetwork pester-a).Subnet)" | Should -Not -Be "$((Get-ContainerNetwork pester-b).Subnet)"
        { New-ContainerNetwork pester-c -Subnet "$((Get-ContainerNetwork pester-a).Subnet[0])" -ErrorAction Stop } | Should -Throw -ErrorId 'SubnetInUse,*'
    }

    It 'understands the driver options of Docker, and names those it does not know' {
        (New-ContainerNetwork pester-old -Option @{ 'com.docker.network.bridge.name' = 'pester0' }).InterfaceName | Should -Be 'pester0'
        { New-ContainerNetwork pester-new -Option com.example.colour=red -ErrorAction Stop } | Should -Throw '*com.example.colour*'
    }

    It 'is put into a VLAN or VRF, or says what is missing for it' {
        { New-ContainerNetwork pester-vlan -Vlan 4095 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-ContainerNetwork pester-vrf -Vrf pester-red -ErrorAction Stop } | Should -Throw -ErrorId 'VrfNotFound,*'
        try { (New-ContainerNetwork pester-vlan -Vlan 50 -ErrorAction Stop).Vlan | Should -Be 50 }
        catch { $_.FullyQualifiedErrorId | Should -BeLike 'VlanFilteringUnavailable,*' }
    }

    It 'lets containers find each other by name and alias' {
        New-ContainerNetwork pester-shop -Subnet 10.89.4.0/24 -IPv6:$false | Out-Null
        Start-Container base -Name pester-db -Network @{ Name = 'pester-shop'; IPAddress = '10.89.4.9'; Alias = 'store' } -Command sleep, 100 | Out-Null
        Start-Container base -Name pester-web -Network pester-shop -Command sleep, 100 | Out-Null
        Invoke-ContainerCommand pester-web getent hosts pester-db | Should -Match '^10\.89\.4\.9\s'
        Invoke-ContainerCommand pester-web getent hosts store | Should -Match '^10\.89\.4\.9\s'
    }

    It 'lists its containers with their addresses' {
        New-ContainerNetwork pester-shop -Subnet 10.89.4.0/24 -IPv6:$false | Out-Null
        Start-Container base -Name pester-web -Network pester-shop -IPAddress 10.89.4.7 -NetworkAlias www -Command sleep, 100 | Out-Null
        $endpoint = Get-ContainerNetwork pester-shop | Select-Object -ExpandProperty Endpoint
        $endpoint.Container | Should -Be 'pester-web'
        $endpoint.IPAddress | Should -Be '10.89.4.7'
        $endpoint.Alias | Should -Be 'www'
        $endpoint.Active | Should -BeTrue
        (Get-Container pester-web | Get-ContainerNetwork).Name | Should -Be 'pester-shop'
    }

    It 'is not removed while a container is on it, unless forced' {
        New-ContainerNetwork pester-shop | Out-Null
        New-Container base -Name pester-web -Network pester-shop -Command true | Out-Null
        { Remove-ContainerNetwork pester-shop -ErrorAction Stop } | Should -Throw -ErrorId 'NetworkInUse,*'
        Remove-ContainerNetwork pester-shop -WhatIf -Force
        Get-ContainerNetwork pester-shop | Should -Not -BeNullOrEmpty
        Remove-ContainerNetwork pester-shop -Force
        Get-ContainerNetwork pester-shop* | Should -BeNullOrEmpty
    }
}

Describe 'Connect-ContainerNetwork and Disconnect-ContainerNetwork' {
    BeforeEach {
        New-ContainerNetwork pester-front -Subnet 10.89.4.0/24 -IPv6:$false | Out-Null
        New-ContainerNetwork pester-back -Subnet 10.89.5.0/24 -IPv6:$false | Out-Null
        Start-Container base -Name pester-web -Network pester-front -Command sleep, 100 | Out-Null
    }

    AfterEach {
        Get-Container pester-* | Remove-Container -Force
        Get-ContainerNetwork pester-* | Remove-ContainerNetwork -Force
    }

    It 'give a running container another link, and take it away' {
        $endpoint = Get-Container pester-web | Connect-ContainerNetwork pester-back -IPAddress 10.89.5.9 -InterfaceName back0 -PassThru
        $endpoint.IPAddress | Should -Be '10.89.5.9'
        Invoke-ContainerCommand pester-web busybox ip -o addr show dev back0 | Should -Match '10\.89\.5\.9/24'
        Get-ContainerNetwork pester-back | Select-Object -ExpandProperty Endpoint | Disconnect-ContainerNetwork
        (Get-Container pester-web).Network | Should -Be 'pester-front'
        Invoke-ContainerCommand pester-web ls /sys/class/net | Should -Not -Contain 'back0'
    }

    It 'refuse an address that is taken' {
        Connect-ContainerNetwork pester-back pester-web -IPAddress 10.89.5.9
        New-Container base -Name pester-other -Network none -Command true | Out-Null
        New-Container base -Name pester-next -Network pester-front -Command true | Out-Null
        { Connect-ContainerNetwork pester-back pester-next -IPAddress 10.89.5.9 -ErrorAction Stop } | Should -Throw -ErrorId 'AddressInUse,*'
        { Connect-ContainerNetwork pester-back pester-other -ErrorAction Stop } | Should -Throw -ErrorId 'NetworkModeFixed,*'
    }
}

Describe 'Set-ContainerNetwork' {
    It 'changes name servers and labels' {
        New-ContainerNetwork pester-shop -Label old=1 | Out-Null
        Set-ContainerNetwork pester-shop -Dns 192.0.2.53 -Label tier=front
        $network = Get-ContainerNetwork -Label tier=front
        $network.Name | Should -Be 'pester-shop'
        $network.Labels.Keys | Should -Be 'tier'
        $network.Spec.Dns | Should -Be '192.0.2.53'
    }
}

Describe 'Repair-ContainerNetwork' {
    It 'puts the rules back after a flush of the firewall' {
        Start-Container base -Name pester-web -Publish 8080:80 -Command sleep, 100 | Out-Null
        Invoke-OnHost nft flush ruleset
        Repair-ContainerNetwork -WhatIf | Should -Not -BeNullOrEmpty
        Repair-ContainerNetwork | Where-Object { -not $_.Repaired } | Should -BeNullOrEmpty
        Repair-ContainerNetwork -WhatIf | Should -BeNullOrEmpty
        "$(Invoke-OnHost nft list ruleset)" | Should -Match '8080'
    }
}
