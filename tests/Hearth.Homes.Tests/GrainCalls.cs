using System.Reflection;
using Hearth.Core;
using Hearth.Core.Events;
using Orleans;
using Orleans.Concurrency;

namespace Hearth.Homes.Tests;

public sealed class GrainCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Take_and_answer_nothing_that_orleans_would_copy()
    {
        var grains = typeof(HomeClient)
            .Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .ToArray();

        Assert.NotEmpty(grains);
        var copied =
            from grain in grains
            from method in grain.GetMethods()
            from type in method
                .GetParameters()
                .Select(parameter => parameter.ParameterType)
                .Append(Answered(method.ReturnType))
            where !IsHandedOver(type)
            select $"{grain.Name}.{method.Name}: seal {type.Name} and mark it [Immutable]";
        Assert.Empty(copied);
    }

    [Fact]
    public async Task Hand_over_the_very_objects_inside_a_process()
    {
        await using var hub = await AHub.StartAsync();
        var payload = Payload.FromText("on");
        var input = new ReceiveMessage("desk/state", payload, 1, false, "lamp");

        var answer = await hub.Home.SubmitAsync(input, Token);
        var rows = await hub.Home.Feed.ReadAsync(
            new Sequence(answer.Row!.First.Value - 1),
            1,
            1_000,
            Token
        );

        var message = Assert.IsType<MessageReceived>(answer.Row.Events[0].Data);
        Assert.Same(payload, message.Payload);
        Assert.Same(answer.Row, rows[0]);
    }

    private static Type Answered(Type type) =>
        type.IsGenericType ? type.GetGenericArguments()[0] : type;

    /// <summary>What Orleans takes for immutable: sealed and marked, or a plain value.</summary>
    private static bool IsHandedOver(Type type) =>
        type.IsPrimitive
        || type == typeof(string)
        || type == typeof(CancellationToken)
        || type == typeof(ValueTask)
        || type == typeof(Task)
        || (type.IsSealed && type.GetCustomAttribute<ImmutableAttribute>() is not null);
}
