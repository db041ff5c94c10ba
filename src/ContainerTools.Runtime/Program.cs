using ContainerTools.Runtime.Monitoring;

// Exit code 125: what is wrong with the command line, not with the container.
return args is ["monitor", "--bundle", var bundle] ? MonitorCommand.Run(bundle) : 125;
