using ContainerTools.Runtime.Commands;

return CommandDispatcher.Run(args);
