using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class HazardRules
{
    [Theory]
    [InlineData("class A { async void B() { } }")]
    [InlineData("async void B() { }")]
    public void Async_void_is_found(string code) =>
        Sample.Breaks(Hazards.AsyncVoid(Sample.Code(code)), 1, "Task");

    [Fact]
    public void Async_task_and_plain_void_are_fine() =>
        Assert.Empty(Hazards.AsyncVoid(Sample.Code("async Task A() { } void B() { }")));

    [Theory]
    [InlineData("try { } catch { }")]
    [InlineData("try { } catch { return default; }")]
    [InlineData("try { } catch (Exception) { }")]
    [InlineData("try { } catch (IOException) when (isFine) { }")]
    public void A_catch_that_swallows_is_found(string code) =>
        Assert.Single(Hazards.SilentCatch(Sample.Code(code)));

    [Theory]
    [InlineData("try { } catch { Undo(); throw; }")]
    [InlineData("try { } catch (IOException fault) { Close(fault); }")]
    [InlineData("try { } catch (IOException)\n{\n// The peer has gone, and so do we.\n}")]
    public void A_catch_that_handles_rethrows_or_says_why_is_fine(string code) =>
        Assert.Empty(Hazards.SilentCatch(Sample.Code(code)));

    [Theory]
    [InlineData("TO", "DO")]
    [InlineData("FIX", "ME")]
    [InlineData("throw new NotImplemented", "Exception();")]
    public void What_is_not_finished_is_found(string half, string rest) =>
        Sample.Breaks(Hazards.Unfinished(Sample.Text($"a\n// {half}{rest} later")), 2, "Finish");

    [Fact]
    public void A_word_that_only_looks_like_it_is_fine() =>
        Assert.Empty(Hazards.Unfinished(Sample.Text("PHOTODOCUMENT, todo list")));

    [Fact]
    public void The_machines_clock_belongs_to_the_program_and_there_once()
    {
        const string Once = "var a = TimeProvider.System;\n";
        var elsewhere = Sample.Code(Once);
        var program = Sample.Code(Once, "src/Hearth.Hub/Program.cs");
        var twice = Sample.Code(Once + Once, "components/LightBulb/Program.cs");
        Sample.Breaks(Hazards.SystemClock(elsewhere), 1, "Program.cs");
        Assert.Empty(Hazards.SystemClock(program));
        Sample.Breaks(Hazards.SystemClock(twice), 2, "once");
    }

    [Theory]
    [InlineData("Thread.Sleep(10);")]
    [InlineData("await Task.Delay(10);")]
    [InlineData("await System.Threading.Tasks.Task.Delay(10, time, stop);")]
    public void A_test_that_sleeps_is_found_unless_it_says_why(string call)
    {
        Sample.Breaks(Hazards.Sleeps(Sample.Code("\n" + call)), 2, "condition");
        Assert.Empty(Hazards.Sleeps(Sample.Code("// The broker has no event for this.\n" + call)));
    }
}
