# The OCI runtime alone: one bundle and one config.json for all.
if ('runtime: run true' -notlike $Include -or -not (Test-Program crun)) { return }
$ctrun = (Get-ContainerEngine).RuntimePath
$bundle = "$work/bundle"
foreach ($folder in 'bin', 'proc', 'dev', 'sys') { [IO.Directory]::CreateDirectory("$bundle/rootfs/$folder") | Out-Null }
[IO.File]::Copy((Get-Command busybox -CommandType Application)[0].Source, "$bundle/rootfs/bin/true")

# The configuration of a container of ours, so that limits, capabilities and seccomp are in it; what names the container is made the bundle's own.
$model = New-Container bench/base -Name bench-model -Network none -Command true -Memory 64MB -Cpu 0.5 -PidsLimit 50
Start-Container $model | Out-Null
Wait-Container $model | Out-Null
$config = [Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText("$work/data/containers/$($model.Id)/config.json"))
Remove-Container $model
$process = $config['process']
$process['args'] = [Text.Json.Nodes.JsonNode]::Parse('["/bin/true"]')
$process['cwd'] = [Text.Json.Nodes.JsonValue]::Create('/')
$process.AsObject().Remove('rlimits') | Out-Null
$config['ociVersion'] = [Text.Json.Nodes.JsonValue]::Create('1.0.2')
$config['root']['path'] = [Text.Json.Nodes.JsonValue]::Create('rootfs')
$config['linux']['cgroupsPath'] = [Text.Json.Nodes.JsonValue]::Create('/ct-bench/run')
$mounts = $config['mounts'].AsArray()
for ($index = $mounts.Count - 1; $index -ge 0; $index--) {
    if ("$($mounts[$index]['source'])".StartsWith("$work/")) { $mounts.RemoveAt($index) }
}
[IO.File]::WriteAllText("$bundle/config.json", $config.ToJsonString())
$runtimes = [ordered]@{
    ours = @{ Run = { Invoke-Quiet $ctrun --root "$work/state-ours" run --bundle $bundle bench } }
    crun = @{ Run = { Invoke-Quiet crun --root "$work/state-crun" run --bundle $bundle bench } }
}
if (Test-Program runc) { $runtimes.runc = @{ Run = { Invoke-Quiet runc --root "$work/state-runc" run --bundle $bundle bench } } }
Measure-Operation 'runtime: run true' $Rounds $runtimes
