using System.Text.Json;
using ContainerTools.Api.Containers;
using ContainerTools.Api.Errors;
using ContainerTools.Api.Images;
using ContainerTools.Api.Information;
using ContainerTools.Api.Networks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerTools.Api;

/// <summary>
/// The Docker Engine REST API over an engine, on a Unix socket: what tools need to look at images, containers and networks. It is one more client of
/// the engine, never its owner: containers neither know nor care whether it runs. What it does not do it answers with 501.
/// </summary>
public static class ApiServer
{
    /// <summary>Makes a server that is not listening yet.</summary>
    /// <param name="engine">The engine; the caller disposes of it after the server.</param>
    /// <param name="options">Where to listen.</param>
    public static WebApplication Create(IContainerEngine engine, ApiOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(options.SocketPath));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            // The API's property names are Pascal case, but for the error body.
            json.SerializerOptions.PropertyNamingPolicy = null;
        });
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => File.SetUnixFileMode(options.SocketPath, options.SocketMode));
        app.Use(AnswerErrors);
        app.UseRouting();
        MapSystem(app, engine);
        MapContainers(app, engine);
        MapImages(app, engine);
        MapNetworks(app, engine);
        app.Map("/{**path}", (HttpContext context) => WriteError(
            context, StatusCodes.Status501NotImplemented, $"{context.Request.Method} {context.Request.Path} is not implemented by ContainerTools."));
        return app;
    }

    private static void MapSystem(WebApplication app, IContainerEngine engine)
    {
        app.MapMethods("/_ping", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
        {
            context.Response.Headers["Api-Version"] = ApiVersions.Newest;
            context.Response.Headers["OSType"] = "linux";
            context.Response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
            return Results.Text("OK");
        });
        app.MapGet("/version", () => VersionResponse.From(engine.GetInfo()));
        app.MapGet("/info", () => InfoResponse.From(engine.GetInfo(), Environment.MachineName));
    }

    private static void MapContainers(WebApplication app, IContainerEngine engine)
    {
        app.MapGet("/containers/json", (string? all, string? limit, string? filters) =>
        {
            var query = ContainerListQuery.Parse(all, limit, filters);
            var now = DateTimeOffset.UtcNow;
            var networks = engine.Networks.List();
            return query.Apply(engine.Containers.List(query.Filter)).Select(container => ContainerSummary.From(container, networks, now)).ToList();
        });
        app.MapGet("/containers/{id}/json", (string id) => Results.Text(engine.Containers.GetRaw(id), "application/json"));
    }

    private static void MapImages(WebApplication app, IContainerEngine engine)
    {
        app.MapGet("/images/json", () => engine.Images.List().Select(ImageSummary.From).ToList());

        // An image's name has slashes in it, and the route's last word is fixed: only the whole rest can be matched.
        app.MapGet("/images/{**rest}", (HttpContext context, string rest) => rest.EndsWith("/json", StringComparison.Ordinal)
            ? Results.Text(engine.Images.GetRaw(rest[..^"/json".Length]), "application/json")
            : throw new ContainerToolsException(
                ErrorKind.NotSupported, "ApiNotImplemented", $"{context.Request.Method} {context.Request.Path} is not implemented by ContainerTools.", rest));
    }

    private static void MapNetworks(WebApplication app, IContainerEngine engine)
    {
        app.MapGet("/networks", (string? filters) => NetworkListQuery.Parse(filters).Apply(engine.Networks.List()).Select(NetworkResource.From).ToList());
        app.MapGet("/networks/{id}", (string id) => NetworkResource.From(engine.Networks.Get(id)));
    }

    private static async Task AnswerErrors(HttpContext context, RequestDelegate next)
    {
        try
        {
            context.Request.Path = ApiVersions.StripVersion(context.Request.Path.Value ?? "/");
            await next(context);
        }
        catch (ContainerToolsException error) when (!context.Response.HasStarted)
        {
            await WriteError(context, ErrorStatus.Of(error.Kind), error.Message);
        }
    }

    private static Task WriteError(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorResponse(message), new JsonSerializerOptions(JsonSerializerDefaults.Web), context.RequestAborted);
    }
}
