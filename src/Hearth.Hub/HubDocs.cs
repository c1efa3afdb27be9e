using Hearth.Core.Events;
using Hearth.Hub.Events;
using Hearth.Hub.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Hearth.Hub;

/// <summary>What the API says of itself: an OpenAPI document, a page to browse it, the list of
/// problems.</summary>
internal static class HubDocs
{
    public static void AddHearthOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            openApi =>
            {
                openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                openApi.AddDocumentTransformer(DescribeHub);
                openApi.AddOperationTransformer(DescribeEvents);
            }
        );

    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes
            .MapScalarApiReference(
                "/docs",
                // The page of a hub at home speaks to the hub and to nobody else.
                scalar =>
                    scalar
                        .WithTitle("Hearth")
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
                        .DisableDefaultFonts()
                        .HideDeveloperTools()
            )
            .ExcludeFromDescription();
        routes.MapGet("/problems", ListProblems).ExcludeFromDescription();
        routes.MapGet("/", GoToDocs).ExcludeFromDescription();
    }

    private static ContentHttpResult ListProblems() =>
        TypedResults.Text(ProblemKinds.ToMarkdown(), "text/markdown; charset=utf-8");

    private static RedirectHttpResult GoToDocs() => TypedResults.Redirect("/docs");

    private static Task DescribeHub(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "Hearth",
            Version = "v1",
            Description =
                "The HTTP API of a Hearth hub. Every path below /api/v1 is also there below"
                + " /api/v1/homes/{home}, for a home other than the default. Refusals are problems"
                + " (RFC 9457), listed at /problems. The same bus is reached over MQTT.",
        };
        // The document is the same wherever the hub listens.
        document.Servers = [];
        return Task.CompletedTask;
    }

    private static Task DescribeEvents(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var marks = context.Description.ActionDescriptor.EndpointMetadata;
        if (!marks.OfType<TakesEventsMark>().Any())
        {
            return Task.CompletedTask;
        }

        var one = new OpenApiMediaType { Schema = EventSchema() };
        var many = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = EventSchema() },
        };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description =
                "Structured, a batch, or binary: then the body is the data, in any content type,"
                + " and the attributes are headers (ce-id, ce-source, ce-type, ce-specversion, …).",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [EventsBody.Structured] = one,
                [EventsBody.Batch] = many,
                ["*/*"] = new OpenApiMediaType(),
            },
        };
        return Task.CompletedTask;
    }

    private static OpenApiSchema EventSchema()
    {
        var text = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = CloudEventReader.TextMax,
        };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "A CloudEvent 1.0; extension attributes may be added.",
            Required = new HashSet<string> { "specversion", "id", "source", "type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["specversion"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = "1.0" },
                ["id"] = text,
                ["source"] = text,
                ["type"] = text,
                ["subject"] = text,
                ["time"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
                ["datacontenttype"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["dataschema"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" },
                ["data"] = new OpenApiSchema(),
                ["data_base64"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Format = "byte",
                },
            },
        };
    }
}
