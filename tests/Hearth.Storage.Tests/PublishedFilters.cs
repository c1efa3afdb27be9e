using System.Security.Cryptography;
using Hearth.Storage.Sqlite.Truths;

namespace Hearth.Storage.Tests;

/// <summary>What says without the disk that an event is surely new.</summary>
public sealed class PublishedFilters
{
    private const int Count = 40_000;

    [Fact]
    public void Nothing_that_was_added_is_called_new()
    {
        var filter = Filled();

        Assert.All(Enumerable.Range(0, Count), id => Assert.True(filter.MayHave(Key(id))));
    }

    [Fact]
    public void Nearly_everything_else_is()
    {
        var filter = Filled();

        var wrong = Enumerable.Range(Count, Count).Count(id => filter.MayHave(Key(id)));

        Assert.InRange(wrong, 0, Count / 100);
    }

    [Fact]
    public void What_has_expired_is_let_go()
    {
        var filter = Filled();

        filter.Forget(firstKept: 2);

        Assert.False(filter.MayHave(Key(1)));
        Assert.True(filter.MayHave(Key(2)));
    }

    /// <summary>Half of the ids on each of days 1 and 2.</summary>
    private static PublishedFilter Filled()
    {
        var filter = new PublishedFilter();
        foreach (var id in Enumerable.Range(0, Count))
        {
            filter.Add(1 + (id + 1) % 2, Key(id));
        }

        return filter;
    }

    private static byte[] Key(int id) => SHA256.HashData(BitConverter.GetBytes(id));
}
