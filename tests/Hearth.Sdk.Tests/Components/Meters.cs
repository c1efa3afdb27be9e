using CsCheck;
using Hearth.Components.EnergyTracker;

namespace Hearth.Sdk.Tests.Components;

public sealed class Meters
{
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_lamp_that_is_off_draws_exactly_nothing()
    {
        var meter = new Meter(noiseWatts: 5, new Random(1));

        meter.Measure(Start);

        Assert.Equal(0, meter.Watts);
    }

    [Fact]
    public void A_measurement_is_off_by_no_more_than_the_noise_and_never_negative() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 1], Gen.Double[0, 10], Gen.Int)
            .Sample(
                (nominal, level, noise, seed) =>
                {
                    var meter = new Meter(noise, new Random(seed))
                    {
                        NominalWatts = nominal,
                        Level = level,
                    };
                    meter.Measure(Start);
                    var rounding = 0.005;
                    return meter.Watts >= 0
                        && Math.Abs(meter.Watts - nominal * level) <= noise + rounding + 1e-9;
                }
            );

    [Fact]
    public void Energy_adds_up_over_the_time_between_measurements()
    {
        var meter = new Meter(noiseWatts: 0, new Random(1)) { NominalWatts = 60, Level = 1 };
        meter.Measure(Start);
        meter.Measure(Start.AddMinutes(30));
        meter.Measure(Start.AddHours(1));

        Assert.Equal(0.06, meter.KilowattHours, 9);
    }

    [Fact]
    public void A_clock_that_steps_back_never_takes_energy_away()
    {
        var meter = new Meter(noiseWatts: 0, new Random(1)) { Level = 1 };
        meter.Measure(Start);
        meter.Measure(Start.AddHours(1));
        var before = meter.KilowattHours;

        meter.Measure(Start);

        Assert.Equal(before, meter.KilowattHours);
    }

    [Fact]
    public void Half_the_brightness_is_half_the_draw()
    {
        var meter = new Meter(noiseWatts: 0, new Random(1)) { NominalWatts = 60, Level = 0.5 };

        meter.Measure(Start);

        Assert.Equal(30, meter.Watts);
    }
}
