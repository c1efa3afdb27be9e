using System.Globalization;

namespace Hearth.Sdk;

/// <summary>Something that is measured.</summary>
public sealed class HearthSensor
{
    internal HearthSensor(HearthEntity entity) => Entity = entity;

    /// <summary>Its topics, and the way around this class.</summary>
    public HearthEntity Entity { get; }

    /// <summary>
    /// Reports a number in the sensor's unit; see <see cref="HearthEntity.ReportAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number.</exception>
    public Task ReportAsync(double value, CancellationToken cancellationToken = default)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Not a finite number.");
        }

        // Without an exponent where that is possible: not everybody reads 1.7E-05.
        var text = Math.Abs(value) is > 1e-9 and < 1e15
            ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
        return ReportTextAsync(text, cancellationToken);
    }

    /// <summary>Reports a text; see <see cref="HearthEntity.ReportAsync"/>.</summary>
    public Task ReportTextAsync(string value, CancellationToken cancellationToken = default) =>
        Entity.ReportAsync(value, cancellationToken);

    /// <summary>Says that nobody knows the value at present.</summary>
    public Task ReportUnknownAsync(CancellationToken cancellationToken = default) =>
        Entity.ReportAsync("None", cancellationToken);
}

/// <summary>Something that is measured and has two values: a door, a motion, a problem.</summary>
public sealed class HearthBinarySensor
{
    internal HearthBinarySensor(HearthEntity entity) => Entity = entity;

    /// <summary>Its topics, and the way around this class.</summary>
    public HearthEntity Entity { get; }

    /// <summary>
    /// Reports on (open, moving, a problem) or off; see <see cref="HearthEntity.ReportAsync"/>.
    /// </summary>
    public Task ReportAsync(bool on, CancellationToken cancellationToken = default) =>
        Entity.ReportAsync(on ? "ON" : "OFF", cancellationToken);
}
