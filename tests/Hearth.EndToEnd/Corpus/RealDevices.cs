namespace Hearth.EndToEnd.Corpus;

/// <summary>
/// What real devices send becomes the entities, states and commands that it should, through the
/// real broker; what is not judged yet does no harm.
/// </summary>
public sealed class RealDevices(ITestOutputHelper output)
{
    [Fact]
    public async Task Become_what_they_should()
    {
        Assert.SkipWhen(CorpusFolder.Path is null, CorpusFolder.Absent);
        await using var replay = await Replay.StartAsync();
        var missed = new List<string>();
        foreach (var source in CorpusFolder.Sources)
        {
            var score = await replay.SourceAsync(source);
            output.WriteLine($"{source}: {score}");
            foreach (var miss in score.Misses.Take(20))
            {
                output.WriteLine($"  {miss}");
            }

            if (score.Misses.Count > 0)
            {
                missed.Add($"{source}: {score}\n  {string.Join("\n  ", score.Misses.Take(20))}");
            }
        }

        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }
}
