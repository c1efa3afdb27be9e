namespace Hearth.EndToEnd.Durability;

/// <summary>The ledger of a crash run finds what it is there for.</summary>
public sealed class Ledgers
{
    private readonly Ledger _ledger = new();
    private readonly Dictionary<string, List<long>> _found = [];

    [Fact]
    public void Agrees_with_a_log_that_is_right()
    {
        Published("a", 1, Promise.ExactlyOnceIfAcknowledged, sent: 3, isAcknowledged: true, 4);
        Published("b", 1, Promise.AtLeastOnceIfAcknowledged, sent: 2, isAcknowledged: true, 5, 6);
        Published("c", 1, Promise.OnceIfAcknowledged, sent: 1, isAcknowledged: false);

        Assert.Empty(_ledger.Faults(_found));
    }

    [Theory]
    [InlineData(Promise.OnceIfAcknowledged)]
    [InlineData(Promise.AtLeastOnceIfAcknowledged)]
    [InlineData(Promise.ExactlyOnceIfAcknowledged)]
    public void Misses_what_was_acknowledged_and_is_not_there(Promise promise)
    {
        Published("a", 1, promise, sent: 2, isAcknowledged: true);

        Assert.Contains("is not in the log", Assert.Single(_ledger.Faults(_found)));
    }

    [Theory]
    [InlineData(Promise.OnceIfAcknowledged, 1)]
    [InlineData(Promise.AtLeastOnceIfAcknowledged, 1)]
    [InlineData(Promise.ExactlyOnceIfAcknowledged, 2)]
    public void Sees_what_is_there_more_often_than_it_may(Promise promise, int sent)
    {
        Published("a", 1, promise, sent, isAcknowledged: false, 4, 9);

        Assert.Contains("4, 9", Assert.Single(_ledger.Faults(_found)));
    }

    [Fact]
    public void Sees_what_is_out_of_order_and_what_nobody_sent()
    {
        Published("a", 1, Promise.OnceIfAcknowledged, sent: 1, isAcknowledged: true, 9);
        Published("a", 2, Promise.OnceIfAcknowledged, sent: 1, isAcknowledged: true, 4);
        _found["nobody/1"] = [5];

        Assert.Equal(
            ["nobody/1 was never sent", "a/2 lies at 4, before a/1 at 9"],
            _ledger.Faults(_found)
        );
    }

    private void Published(
        string publisher,
        int number,
        Promise promise,
        int sent,
        bool isAcknowledged,
        params long[] sequences
    )
    {
        var entry = _ledger.Add(publisher, number, promise);
        for (var count = 0; count < sent; count++)
        {
            entry.CountSent();
        }

        if (isAcknowledged)
        {
            _ledger.Acknowledge(entry);
        }

        if (sequences.Length > 0)
        {
            _found[entry.Key] = [.. sequences];
        }
    }
}
