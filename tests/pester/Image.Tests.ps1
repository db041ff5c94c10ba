BeforeAll {
    . $PSScriptRoot/common.ps1
    New-TestBase
    $context = [IO.Directory]::CreateDirectory([IO.Path]::Combine($store, 'app')).FullName
}

AfterAll { Remove-TestStore }

Describe 'Build-Image' {
    BeforeEach {
        [IO.File]::WriteAllText("$context/Dockerfile", "FROM base AS one`nRUN echo built > /built`nFROM base`nCOPY --from=one /built /built`nCMD [""cat"", ""/built""]`n")
    }

    It 'builds a multi-stage Dockerfile and reports its steps' {
        $result = Build-Image $context -Tag pester/app:1
        $result.Image.Tags | Should -Contain 'pester/app:1'
        $result.Steps.Count | Should -BeGreaterThan 2
        Invoke-Container pester/app:1 -Remove | Should -Be 'built'
    }

    It 'takes an unchanged build from the cache' {
        Build-Image $context -Tag pester/app:1 | Out-Null
        $again = Build-Image $context -Tag pester/app:1
        $again.Steps | Where-Object { $_.Layer -and -not $_.Cached } | Should -BeNullOrEmpty
    }

    It 'gives RUN steps a network, by name or none' {
        New-ContainerNetwork pester-build | Out-Null
        [IO.File]::WriteAllText("$context/Dockerfile", "FROM base`nRUN ls /sys/class/net > /links`nCMD [""cat"", ""/links""]`n")
        foreach ($case in @(@{}, 'eth0 lo'), @(@{ Network = 'pester-build' }, 'eth0 lo'), @(@{ Network = 'none' }, 'lo')) {
            $parameters = $case[0]
            Build-Image $context -Tag pester/net:1 @parameters | Out-Null
            (Invoke-Container pester/net:1 -Remove) -join ' ' | Should -Be $case[1]
        }
        { Build-Image $context -Tag pester/net:1 -Network nowhere -ErrorAction Stop } | Should -Throw '*no network*'
        Remove-ContainerNetwork pester-build -Confirm:$false
    }

    It 'names file and line of a syntax error and tags nothing' {
        [IO.File]::WriteAllText("$context/Dockerfile", "FROM base`nRUNN echo`n")
        { Build-Image $context -Tag pester/bad -ErrorAction Stop } | Should -Throw '*Dockerfile:2*'
        Test-Image pester/bad | Should -BeFalse
    }
}

Describe 'Export-Image and Import-Image' {
    It 'carry an image through <Format> unchanged' -ForEach @{ Format = 'DockerArchive' }, @{ Format = 'OciArchive' }, @{ Format = 'OciLayout' } {
        $path = "$store/image-$Format"
        $before = Get-Image base
        Export-Image base -Path $path -Format $Format | Out-Null
        Import-Image $path -Tag "pester/copy:$($Format.ToLowerInvariant())" | Out-Null
        (Get-Image "pester/copy:$($Format.ToLowerInvariant())").Id | Should -Be $before.Id
    }

    It 'refuse a truncated archive and leave nothing' {
        $path = "$store/short.tar"
        Export-Image base -Path $path | Out-Null
        $stream = [IO.File]::OpenWrite($path)
        $stream.SetLength($stream.Length / 2)
        $stream.Dispose()
        $count = @(Get-Image).Count
        { Import-Image $path -Tag pester/short -ErrorAction Stop } | Should -Throw
        @(Get-Image).Count | Should -Be $count
    }
}

Describe 'Remove-Image' {
    It 'does nothing under -WhatIf' {
        Add-ImageTag base -Tag pester/spare | Out-Null
        Remove-Image pester/spare -WhatIf
        Test-Image pester/spare | Should -BeTrue
    }

    It 'takes a tag away and keeps the image while another tag names it' {
        Add-ImageTag base -Tag pester/spare | Out-Null
        Remove-Image pester/spare
        Test-Image pester/spare | Should -BeFalse
        Test-Image base | Should -BeTrue
    }

    It 'writes an error for an image that is not there' {
        { Remove-Image pester/nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }
}

Describe 'Get-ImageHistory' {
    It 'lists the steps of an image' {
        @(Get-ImageHistory base).Count | Should -BeGreaterThan 0
    }
}
