using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes;

/// <summary>An input, and what is committed in the same transaction as its row.</summary>
/// <param name="Received">The MQTT QoS 2 id that it came with; kept until it is released, unless
/// the input made no row.</param>
public readonly record struct Submission(Input Input, ReceivedPacket? Received = null);

/// <summary>What a home answers to one input, once everything it rests on is durable.</summary>
/// <param name="Row">Everything that the input caused; null when it changed nothing.</param>
/// <param name="Published">For <see cref="PublishEvents"/>, in the order given.</param>
public sealed record Answer(Refusal? Refusal, Row? Row, IReadOnlyList<PublishedEvent> Published);

/// <param name="Duplicate">True where the event was there already, under this sequence.</param>
public readonly record struct PublishedEvent(string Id, Sequence Sequence, bool Duplicate);

/// <summary>
/// The home does not take inputs now, because the log does not take commits. Whether an input that
/// was on its way is in the log is not known to anybody yet: send it again.
/// </summary>
public sealed class HomeClosedException : Exception
{
    public HomeClosedException()
        : this("The home does not take anything now; try again.") { }

    public HomeClosedException(string message)
        : base(message) { }

    public HomeClosedException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>
/// How an edge speaks to one home, wherever in the cluster that lives. Safe for many threads; calls
/// made one after the other by one thread are decided in that order.
/// </summary>
public sealed class HomeClient
{
    private readonly HomeConnection _connection;
    private readonly HomeFeed _feed;

    internal HomeClient(HomeId id, HomeConnection connection, HomeFeed feed, ICurrentTruths truths)
    {
        Id = id;
        _connection = connection;
        _feed = feed;
        Truths = truths;
    }

    public HomeId Id { get; }

    /// <summary>The committed rows, old and new.</summary>
    public HomeFeed Feed => _feed;

    /// <summary>What is true now: committed by construction.</summary>
    public ICurrentTruths Truths { get; }

    /// <summary>
    /// Hands over inputs that are decided in order in one turn and committed together, all rows or
    /// none; completes when they are durable. Cancelling stops the waiting, not the inputs.
    /// </summary>
    /// <exception cref="HomeClosedException">The home does not take inputs now.</exception>
    public async Task<IReadOnlyList<Answer>> SubmitAsync(
        IReadOnlyList<Submission> submissions,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = _connection.SubmitAsync(new SubmissionBatch(submissions));
        var answers = await call.WaitAsync(cancellationToken);
        return answers.Closed is { } reason ? throw new HomeClosedException(reason) : answers.Items;
    }

    /// <summary>The whole state as it is, once everything that it rests on is durable. Dear for a
    /// large home: for what needs all of it.</summary>
    /// <exception cref="HomeClosedException">The home cannot be reached now.</exception>
    public async Task<HomeSnapshot> CaptureAsync(CancellationToken cancellationToken)
    {
        var answer = await _connection.CaptureAsync().WaitAsync(cancellationToken);
        return answer.Closed is { } reason
            ? throw new HomeClosedException(reason)
            : HomeSnapshot.FromBytes(answer.Bytes);
    }

    /// <summary>Brings the home to life, wherever it is to live.</summary>
    internal Task TouchAsync() => _connection.SubmitAsync(new SubmissionBatch([]));

    /// <inheritdoc cref="SubmitAsync(IReadOnlyList{Submission}, CancellationToken)"/>
    public async Task<Answer> SubmitAsync(Input input, CancellationToken cancellationToken) =>
        (await SubmitAsync([new Submission(input)], cancellationToken))[0];
}
