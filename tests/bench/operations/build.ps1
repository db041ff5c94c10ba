# Six steps with a copy of 200 files: everything new, and nothing changed.
$context = "$work/context"
[IO.Directory]::CreateDirectory("$context/files") | Out-Null
foreach ($number in 1..200) { [IO.File]::WriteAllText("$context/files/$number.txt", 'x' * 1000 + $number) }
$steps = "ENV A=1`nWORKDIR /app`nRUN seq 1 1000 > numbers`nCOPY files/ ./files/`nRUN cat files/*.txt | wc -c > size`nCMD [`"cat`", `"size`"]`n"
[IO.File]::WriteAllText("$context/Dockerfile", "FROM bench/base`n$steps")
[IO.File]::WriteAllText("$context/Dockerfile.buildah", "FROM localhost/bench/base`n$steps")
$fresh = [ordered]@{ ours = @{ Run = { Build-Image $context -Tag bench/app -Network none -NoCache -InformationAction Ignore } } }
$again = [ordered]@{ ours = @{ Run = { Build-Image $context -Tag bench/app -Network none -InformationAction Ignore } } }
if ($hasBuildah) {
    $fresh.buildah = @{ Run = { Invoke-Quiet buildah bud $policy --no-cache --pull-never --network none -t bench/app -f "$context/Dockerfile.buildah" $context } }
    $again.buildah = @{ Run = { Invoke-Quiet buildah bud $policy --layers --pull-never --network none -t bench/app -f "$context/Dockerfile.buildah" $context } }
}
if ($hasDocker) {
    $env:DOCKER_BUILDKIT = '1'
    $fresh.BuildKit = @{ Run = { Invoke-Quiet $docker build -q --no-cache --network none -t bench/app $context } }
    $again.BuildKit = @{ Run = { Invoke-Quiet $docker build -q --network none -t bench/app $context } }
}
Measure-Operation 'build, 6 steps, no cache' $few $fresh
Measure-Operation 'build, unchanged' $few $again
