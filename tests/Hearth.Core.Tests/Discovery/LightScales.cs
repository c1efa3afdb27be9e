using Hearth.Core.Discovery;

namespace Hearth.Core.Tests.Discovery;

public sealed class LightScales
{
    [Theory]
    [InlineData(255, 100, 100)]
    [InlineData(128, 100, 50)]
    [InlineData(1, 100, 1)]
    [InlineData(200, 1, 1)]
    [InlineData(200, 0, 1)]
    [InlineData(200, -5, 1)]
    public void A_brightness_is_never_off_whatever_scale_was_announced(
        double brightness,
        double scale,
        double sent
    )
    {
        Assert.Equal(sent, LightValues.ToScale(brightness, scale));
    }
}
