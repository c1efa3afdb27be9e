"""Writes sun.csv: when the sun rises, sets and stands, reckoned by other means than Hearth's.

Needs Debian's python3-ephem, whose planets come from VSOP87 and whose clock knows delta T; Hearth
has a short series. Run it with Debian's Python: /usr/bin/python3 sun.py > sun.csv
"""

import datetime
import math
import random

import ephem

RISE = math.radians(-50 / 60)
TWILIGHT = math.radians(-6)


def observer(latitude, longitude):
    place = ephem.Observer()
    place.pressure = 0
    place.lat, place.lon = math.radians(latitude), math.radians(longitude)
    return place


def altitude(place, instant):
    # Geocentric, as almanacs do: without the parallax of 9 seconds of arc.
    place.date = instant
    sun = ephem.Sun(place)
    hour_angle = place.sidereal_time() - sun.g_ra
    return math.asin(
        math.sin(place.lat) * math.sin(sun.g_dec)
        + math.cos(place.lat) * math.cos(sun.g_dec) * math.cos(hour_angle)
    )


def hour_angle(place, instant):
    place.date = instant
    return (place.sidereal_time() - ephem.Sun(place).g_ra + math.pi) % (2 * math.pi) - math.pi


def passing(place, low, high, wanted):
    """When the altitude passes a value between two instants; None where it does not."""
    is_over = altitude(place, low) > wanted
    if is_over == (altitude(place, high) > wanted):
        return None
    for _ in range(50):
        middle = (low + high) / 2
        if (altitude(place, middle) > wanted) == is_over:
            low = middle
        else:
            high = middle
    return high


def text(instant):
    if instant is None:
        return ""
    rounded = ephem.Date(instant).datetime() + datetime.timedelta(milliseconds=500)
    return rounded.strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    chance = random.Random(20)
    print("latitude,longitude,midnight,dawn,sunrise,noon,sunset,dusk,instant,altitude,azimuth")
    for index in range(240):
        latitude = chance.choice([65, -65, 60, 0, chance.uniform(-65, 65), chance.uniform(-65, 65)])
        latitude, longitude = round(latitude, 2), round(chance.uniform(-180, 180), 2)
        place = observer(latitude, longitude)
        day = ephem.Date(f"{chance.randint(2020, 2040)}/1/1") + chance.uniform(0, 365)
        noon = day
        for _ in range(5):
            noon -= hour_angle(place, noon) / (2 * math.pi)
        midnight, following = noon - 0.5, noon + 0.5
        for _ in range(5):
            off = (hour_angle(place, midnight) + 2 * math.pi) % (2 * math.pi) - math.pi
            midnight -= off / (2 * math.pi)
        times = [
            midnight,
            passing(place, midnight, noon, TWILIGHT),
            passing(place, midnight, noon, RISE),
            noon,
            passing(place, noon, following, RISE),
            passing(place, noon, following, TWILIGHT),
        ]
        instant = ephem.Date(math.floor(day * 86400) / 86400)
        height, turned = altitude(place, instant), hour_angle(place, instant)
        declination = ephem.Sun(place).g_dec
        azimuth = math.degrees(
            math.atan2(
                -math.cos(declination) * math.sin(turned),
                math.sin(declination) * math.cos(place.lat)
                - math.cos(declination) * math.sin(place.lat) * math.cos(turned),
            )
        )
        print(
            latitude,
            longitude,
            *map(text, times),
            text(instant),
            f"{math.degrees(height):.4f}",
            f"{azimuth % 360:.4f}",
            sep=",",
        )


if __name__ == "__main__":
    main()
