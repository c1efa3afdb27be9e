#!/usr/bin/python3
"""What the real Jinja2 makes of templates, to compare Hearth's own interpreter with.

    jinja_oracle.py vectors     renders every case of vectors.txt and writes vectors.json
    jinja_oracle.py serve       answers one JSON line a JSON line: {"template", "variables"}

The environment is the one Home Assistant sets up: the immutable sandbox with loop controls and
`do`, undefined values that print nothing, and its functions that Jinja2 does not have, written
here anew from what they are documented to do. Debian's python3-jinja2 is all it needs.
"""

import ast
import base64
import datetime
import json
import math
import pathlib
import re
import statistics
import sys
import zoneinfo

import jinja2
import jinja2.filters
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).resolve().parent
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
NOW = datetime.datetime(2026, 3, 28, 12, 30, 15, 250000, datetime.timezone.utc)
MISSING = object()
NUMBER = re.compile(r"^[+-]?(?!0\d)\d*(?:\.\d*)?$")


def fallback(default, name):
    if default is MISSING:
        raise ValueError(f"{name}: no default")
    return default


def guarded(name, function):
    """A function of one number, with a default for what is none."""

    def call(value, default=MISSING):
        try:
            return function(float(value))
        except (ValueError, TypeError):
            return fallback(default, name)

    return call


def to_int(value, default=MISSING, base=10):
    found = jinja2.filters.do_int(value, default=default, base=base)
    return fallback(found, "int") if found is MISSING else found


def to_bool(value, default=MISSING):
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.lower().strip()
        if word in ("1", "true", "yes", "on", "enable"):
            return True
        if word in ("0", "false", "no", "off", "disable"):
            return False
    elif isinstance(value, (int, float)):
        return value != 0
    return fallback(default, "bool")


def is_number(value):
    try:
        return math.isfinite(float(value))
    except (ValueError, TypeError):
        return False


def round_to(value, precision=0, method="common", default=MISSING):
    try:
        scale = float(10**precision)
        if method == "ceil":
            value = math.ceil(float(value) * scale) / scale
        elif method == "floor":
            value = math.floor(float(value) * scale) / scale
        elif method == "half":
            value = round(float(value) * 2) / 2
        else:
            value = round(float(value), precision)
        return int(value) if precision == 0 else value
    except (ValueError, TypeError):
        return fallback(default, "round")


def scaled(name, function):
    def call(value, amount, default=MISSING):
        try:
            return function(float(value), amount)
        except (ValueError, TypeError):
            return fallback(default, name)

    return call


def log(value, base=math.e, default=MISSING):
    try:
        return math.log(float(value), float(base))
    except (ValueError, TypeError):
        return fallback(default, "log")


def statistic(name, function):
    def call(*args, default=MISSING):
        values = args
        if hasattr(args[0], "__iter__"):
            values = args[0]
            if len(args) > 1 and default is MISSING:
                default = args[1]
        elif len(args) == 1:
            raise TypeError(name)
        try:
            return function(values)
        except (TypeError, statistics.StatisticsError):
            return fallback(default, name)

    return call


def extreme(name):
    @jinja2.pass_environment
    def call(environment, *args, **kwargs):
        values = args[0] if len(args) == 1 else args
        return environment.filters[name](environment, values, **kwargs)

    return call


def iif(value, if_true=True, if_false=False, if_none=MISSING):
    if value is None and if_none is not MISSING:
        return if_none
    return if_true if bool(value) else if_false


def from_json(value, default=MISSING):
    try:
        return json.loads(value)
    except (ValueError, TypeError):
        return fallback(default, "from_json")


def to_json(value, ensure_ascii=False, pretty_print=False, sort_keys=False):
    if ensure_ascii:
        return json.dumps(value, indent=2 if pretty_print else None, sort_keys=sort_keys)
    return json.dumps(
        value,
        ensure_ascii=False,
        indent=2 if pretty_print else None,
        sort_keys=sort_keys,
        separators=(",", ": ") if pretty_print else (",", ":"),
    )


def flags(ignorecase):
    return re.IGNORECASE if ignorecase else 0


def regex_match(value, find="", ignorecase=False):
    return bool(re.match(find, str(value), flags(ignorecase)))


def regex_search(value, find="", ignorecase=False):
    return bool(re.search(find, str(value), flags(ignorecase)))


def regex_replace(value="", find="", replace="", ignorecase=False):
    return re.sub(find, replace, str(value), flags=flags(ignorecase))


def regex_findall(value, find="", ignorecase=False):
    return re.findall(find, str(value), flags(ignorecase))


def regex_findall_index(value, find="", index=0, ignorecase=False):
    return regex_findall(value, find, ignorecase)[index]


def parse_time(text):
    try:
        return datetime.datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None


def local(value):
    if value.tzinfo is None:
        return value.replace(tzinfo=ZONE)
    return value.astimezone(ZONE)


def from_stamp(value):
    return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)


def as_datetime(value, default=MISSING):
    if type(value) is datetime.datetime:
        return value
    if type(value) is datetime.date:
        return datetime.datetime.combine(value, datetime.time())
    try:
        return from_stamp(float(value))
    except (ValueError, TypeError):
        found = parse_time(value)
        if found is not None:
            return found
        if default is not MISSING:
            return default
        if isinstance(value, str):
            return None
        raise ValueError("as_datetime")


def as_timestamp(value, default=MISSING):
    found = value if isinstance(value, datetime.datetime) else parse_time(str(value))
    return fallback(default, "as_timestamp") if found is None else local(found).timestamp()


def strptime(text, form, default=MISSING):
    try:
        return datetime.datetime.strptime(text, form)
    except (ValueError, TypeError):
        return fallback(default, "strptime")


def stamp(name, function):
    def call(value, default=MISSING):
        try:
            return function(from_stamp(value)).isoformat()
        except (ValueError, TypeError):
            return fallback(default, name)

    return call


def timestamp_custom(value, date_format="%Y-%m-%d %H:%M:%S", local_time=True, default=MISSING):
    try:
        found = from_stamp(value)
        return (local(found) if local_time else found).strftime(date_format)
    except (ValueError, TypeError):
        return fallback(default, "timestamp_custom")


def today_at(text=""):
    today = NOW.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    if not text:
        return today
    clock = datetime.time.fromisoformat(text.zfill(5) if len(text) < 5 else text)
    return datetime.datetime.combine(today, clock, ZONE)


def flatten(value, levels=None):
    if not hasattr(value, "__iter__") or isinstance(value, str):
        raise TypeError("flatten")
    flat = []
    for item in value:
        if hasattr(item, "__iter__") and not isinstance(item, str) and levels != 0:
            flat.extend(flatten(item, None if levels is None else levels - 1))
        else:
            flat.append(item)
    return flat


def ordered(value):
    return list(dict.fromkeys(value))


def combine(*args, recursive=False):
    result = {}
    for part in args:
        if not isinstance(part, dict):
            raise TypeError("combine")
        for key, value in part.items():
            both = recursive and isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = combine(result[key], value, recursive=True) if both else value
    return result


def contains(value, item):
    return item in value


def apply(value, function, *args, **kwargs):
    return function(value, *args, **kwargs)


def as_function(macro):
    def call(*args, **kwargs):
        found = None

        def returns(value):
            nonlocal found
            found = value
            return value

        macro(*args, **kwargs, returns=returns)
        return found

    return call


def is_defined(value):
    if isinstance(value, jinja2.Undefined):
        value()
    return value


class LoggingUndefined(jinja2.Undefined):
    """Home Assistant's, by name: `typeof` tells it."""


def environment():
    env = ImmutableSandboxedEnvironment(
        extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"], undefined=LoggingUndefined
    )
    both = {
        "float": guarded("float", lambda number: number),
        "int": to_int,
        "bool": to_bool,
        "is_number": is_number,
        "iif": iif,
        "log": log,
        **{name: guarded(name, getattr(math, name)) for name in ("sin", "cos", "tan", "sqrt")},
        **{name: guarded(name, getattr(math, name)) for name in ("asin", "acos", "atan")},
        "average": statistic("average", statistics.fmean),
        "median": statistic("median", statistics.median),
        "statistical_mode": statistic("statistical_mode", statistics.mode),
        "bitwise_and": lambda a, b: a & b,
        "bitwise_or": lambda a, b: a | b,
        "bitwise_xor": lambda a, b: a ^ b,
        "as_datetime": as_datetime,
        "as_timestamp": as_timestamp,
        "as_local": local,
        "today_at": today_at,
        "flatten": flatten,
        "intersect": lambda a, b: [x for x in ordered(a) if x in list(b)],
        "difference": lambda a, b: [x for x in ordered(a) if x not in list(b)],
        "union": lambda a, b: ordered([*a, *b]),
        "combine": combine,
        "apply": apply,
        "as_function": as_function,
        "typeof": lambda value: value.__class__.__name__,
    }
    env.globals.update(
        both,
        min=extreme("min"),
        max=extreme("max"),
        e=math.e,
        pi=math.pi,
        tau=math.tau,
        now=lambda: NOW.astimezone(ZONE),
        utcnow=lambda: NOW,
        strptime=strptime,
        timedelta=datetime.timedelta,
        zip=zip,
        set=set,
        tuple=tuple,
    )
    env.filters.update(
        both,
        round=round_to,
        multiply=scaled("multiply", lambda a, b: a * b),
        add=scaled("add", lambda a, b: a + b),
        contains=contains,
        is_defined=is_defined,
        ord=ord,
        regex_match=regex_match,
        regex_search=regex_search,
        regex_replace=regex_replace,
        regex_findall=regex_findall,
        regex_findall_index=regex_findall_index,
        from_json=from_json,
        to_json=to_json,
        base64_encode=lambda text: base64.b64encode(text.encode()).decode(),
        base64_decode=lambda text: base64.b64decode(text).decode(),
        timestamp_local=stamp("timestamp_local", local),
        timestamp_utc=stamp("timestamp_utc", lambda time: time),
        timestamp_custom=timestamp_custom,
    )
    env.tests.update(
        apply=apply,
        contains=contains,
        match=regex_match,
        search=regex_search,
        is_number=is_number,
        datetime=lambda value: isinstance(value, datetime.datetime),
        list=lambda value: isinstance(value, list),
        tuple=lambda value: isinstance(value, tuple),
        set=lambda value: isinstance(value, set),
        string_like=lambda value: isinstance(value, (str, bytes)),
    )
    return env


def typed(text):
    """The type that Home Assistant gives a result: what reads back as a literal is one."""
    text = text.strip()
    try:
        found = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return "str"
    if found is ...:
        return "str"
    plain = isinstance(found, (int, float)) and not isinstance(found, bool)
    if isinstance(found, (str, complex)) or plain and not NUMBER.match(text):
        return "str"
    return type(found).__name__


def render(env, template, variables):
    try:
        text = env.from_string(template).render(variables)
    except Exception as failure:  # whatever it is, Hearth has to refuse the template too
        return {"error": f"{type(failure).__name__}: {failure}"}
    return {"text": text, "type": typed(text)}


def cases(path):
    """Templates, one a line; one of several lines stands between <<< and >>>."""
    text = path.read_text("utf-8")
    found = re.findall(r"(?ms)^<<<\n(.*?)\n>>>$|^(?!#!)([^\n]+)$", text)
    return [block or line for block, line in found]


def write_vectors(env):
    variables = json.loads((HERE / "vectors.variables.json").read_text("utf-8"))
    lines = []
    for template in cases(HERE / "vectors.txt"):
        answer = render(env, template, variables)
        lines.append(json.dumps({"template": template, **answer}, ensure_ascii=False))
    (HERE / "vectors.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    print(f"{len(lines)} vectors")


def serve(env):
    for line in sys.stdin:
        asked = json.loads(line)
        answer = render(env, asked["template"], asked["variables"])
        print(json.dumps(answer, ensure_ascii=True), flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["vectors"]:
        write_vectors(environment())
    elif sys.argv[1:] == ["serve"]:
        serve(environment())
    else:
        sys.exit(__doc__)
