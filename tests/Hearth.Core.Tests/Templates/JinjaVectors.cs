using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>
/// What Jinja2 3.1 itself printed for each of these, with Home Assistant's float, int, round,
/// multiply, to_json and regex filters beside its own. No expected text means an error.
/// </summary>
public sealed class JinjaVectors
{
    private const string Message = """
        {"s":"abc","empty":"","n":5,"neg":-7,"f":21.50,"big":1e22,"small":0.00001,"whole":3.0,"t":true,"u":false,"x":null,"list":[1,2.5,"a",null,true],"names":["Zoe","adam","Bob"],"obj":{"k":"v","n":{"deep":1}},"items":3,"quote":"it's","dq":"say \"hi\"","uni":"Grüße ☃ 😀","rows":[{"id":1,"on":true},{"id":2,"on":false},{"id":3}],"long":"one two three four five six seven","nl":"a\nb"}
        """;

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("{{ value_json.s }}", "abc")]
    [InlineData("{{value_json.s}}", "abc")]
    [InlineData("{{ value_json[\"s\"] }} and {{ value_json['n'] }}", "abc and 5")]
    [InlineData(
        "{{ value_json.f }} {{ value_json.n }} {{ value_json.whole }} {{ value_json.big }} {{ value_json.small }}",
        "21.5 5 3.0 1e+22 1e-05"
    )]
    [InlineData("{{ value_json.f }}", "21.5")]
    [InlineData("{{ value_json.big }}", "1e+22")]
    [InlineData("{{ value_json.small }}", "1e-05")]
    [InlineData("{{ value_json.neg }}", "-7")]
    [InlineData("{{ value_json.t }}", "True")]
    [InlineData("{{ value_json.x }}", "None")]
    [InlineData("{{ value_json.list }}", "[1, 2.5, 'a', None, True]")]
    [InlineData("{{ value_json.obj }}", "{'k': 'v', 'n': {'deep': 1}}")]
    [InlineData("{{ value_json.obj.n.deep }}", "1")]
    [InlineData("{{ value_json.missing }}|", "|")]
    [InlineData("{{ value_json.missing.deeper }}", null)]
    [InlineData("{{ value_json.s.deeper }}|", "|")]
    [InlineData("{{ value_json['items'] }}", "3")]
    [InlineData(
        "{{ value_json.list.0 }}{{ value_json.list[1] }}{{ value_json.list[-1] }}{{ value_json.list[9] }}",
        "12.5True"
    )]
    [InlineData("{{ value_json.rows.0.id }}", "1")]
    [InlineData(
        "{{ value_json.quote }} {{ [value_json.quote, value_json.dq, value_json.nl, value_json.uni] }}",
        "it's [\"it's\", 'say \"hi\"', 'a\\nb', 'Grüße ☃ 😀']"
    )]
    [InlineData(
        "{{ 1 }} {{ 1.0 }} {{ 1e3 }} {{ 1.5e-7 }} {{ 100000000000000000000 }} {{ 0x1f }} {{ 1_000 }}",
        "1 1.0 1000.0 1.5e-07 100000000000000000000 31 1000"
    )]
    [InlineData(
        "{{ 1e15 }} {{ 1e16 }} {{ 123456789012345680.0 }} {{ 1234567890123456.5 }} {{ 0.0001 }} {{ 0.00012345 }} {{ 1e-5 }} {{ -0.0 }}",
        "1000000000000000.0 1e+16 1.2345678901234568e+17 1234567890123456.5 0.0001 0.00012345 1e-05 -0.0"
    )]
    [InlineData(
        "{{ 0.1 + 0.2 }} {{ 1 / 3 }} {{ 63.2*100 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 % 2 }} {{ -7.5 // 2 }}",
        "0.30000000000000004 0.3333333333333333 6320.0 3 -4 2 -2 1.5 -4.0"
    )]
    [InlineData(
        "{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ 4 / 2 }} {{ 2 ** 100 }} {{ (-2) ** 3 }} {{ -2 ** 2 }}",
        "1024 0.5 1.4142135623730951 2.0 1267650600228229401496703205376 -8 4"
    )]
    [InlineData(
        "{{ 9223372036854775807 + 1 }} {{ -9223372036854775808 - 1 }} {{ 3037000500 * 3037000500 }} {{ 9223372036854775807 * 2 // 3 }}",
        "9223372036854775808 -9223372036854775809 9223372037000250000 6148914691236517204"
    )]
    [InlineData(
        "{{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ [1, 2] < [1, 3] }} {{ 'a' == 1 }} {{ none == none }}",
        "True True True True False True False True"
    )]
    [InlineData("{{ 'a' ~ 1 ~ none ~ true ~ 1.50 }}", "a1NoneTrue1.5")]
    [InlineData(
        "{{ 'ab' * 3 }} {{ [1] * 2 }} {{ [1] + [2] }} {{ (1,) + (2,) }} {{ 'a' + 'b' }}",
        "ababab [1, 1] [1, 2] (1, 2) ab"
    )]
    [InlineData("{{ 'a' + 1 }}", null)]
    [InlineData("{{ 1 + value_json.missing }}", null)]
    [InlineData(
        "{{ value_json.missing == 1 }} {{ value_json.missing is defined }} {{ not value_json.missing }}",
        "False False True"
    )]
    [InlineData(
        "{{ (1,) }} {{ (1, 2) }} {{ () }} {{ [] }} {{ {} }} {{ {'a': 1, \"b\": [2, {'c': none}]} }}",
        "(1,) (1, 2) () [] {} {'a': 1, 'b': [2, {'c': None}]}"
    )]
    [InlineData("{{ 1, 2 }}", "(1, 2)")]
    [InlineData(
        "{{ true and 'x' or 'y' }} {{ 0 or 'y' }} {{ '' and 'x' }}| {{ not 0 }} {{ not 1 == 2 }}",
        "x y | True True"
    )]
    [InlineData(
        "{{ 'yes' if value_json.t else 'no' }} {{ 'yes' if value_json.u }}| {{ 'a' if 0 else 'b' if 0 else 'c' }}",
        "yes | c"
    )]
    [InlineData(
        "{{ 'a' in value_json.s }} {{ 2.5 in value_json.list }} {{ 'k' in value_json.obj }} {{ 'z' not in value_json.s }} {{ 1 in value_json.missing }}",
        "True True True True False"
    )]
    [InlineData("{{ 'x' in 5 }}", null)]
    [InlineData(
        "{% if value_json.n > 3 %}big{% elif value_json.n > 1 %}small{% else %}none{% endif %}",
        "big"
    )]
    [InlineData("{%if value_json.u%}ON{%else%}OFF{%endif%}", "OFF")]
    [InlineData("{% for x in value_json.list %}{{ x }},{% endfor %}", "1,2.5,a,None,True,")]
    [InlineData("{% for x in [] %}x{% else %}nothing{% endfor %}", "nothing")]
    [InlineData(
        "{% for k, v in value_json.obj.items() %}{{ k }}={{ v }};{% endfor %}",
        "k=v;n={'deep': 1};"
    )]
    [InlineData("{% for k in value_json.obj %}{{ k }}{% endfor %}", "kn")]
    [InlineData(
        "{% for x in range(10) if x % 3 == 0 %}{{ loop.index }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}",
        "1:0,2:3,3:6,4:9"
    )]
    [InlineData(
        "{% for x in range(5) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}",
        "02"
    )]
    [InlineData(
        "{% for x in range(3) %}{% for y in range(2) %}{{ loop.index0 }}{% endfor %}{{ loop.revindex }}{% endfor %}",
        "013012011"
    )]
    [InlineData("{% for c in 'añb' %}[{{ c }}]{% endfor %}", "[a][ñ][b]")]
    [InlineData("{% set a = 1 %}{% for x in [1] %}{% set a = 2 %}{{ a }}{% endfor %}{{ a }}", "21")]
    [InlineData("{% set a = 1 %}{% if true %}{% set a = 2 %}{% endif %}{{ a }}", "2")]
    [InlineData("{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12")]
    [InlineData(
        "{% set ns = namespace(x=1) %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
        "4"
    )]
    [InlineData("{% set a %}x{{ 1 }}{% endset %}{{ a }}{{ a is string }}", "x1True")]
    [InlineData("{% set a | upper %}abc{% endset %}{{ a }}", "ABC")]
    [InlineData("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}|", "3|")]
    [InlineData("{% filter upper %}abc{{ 'd' }}{% endfilter %}", "ABCD")]
    [InlineData("{% do 1 %}x", "x")]
    [InlineData("  {%- if true -%}  a  {%- endif -%}  b", "ab")]
    [InlineData("a {{- 'b' -}} c {#- note -#} d", "abcd")]
    [InlineData("{# a comment {{ x }} #}x", "x")]
    [InlineData("{% raw %}{{ x }}{% if %}{% endraw %}y", "{{ x }}{% if %}y")]
    [InlineData("{{ '{{' }}{{ \"}}\" }} { {{ 1 }} }", "{{}} { 1 }")]
    [InlineData("{{{\"a\":1}|to_json}}", "{\"a\":1}")]
    [InlineData("{{{\"a\":{\"b\":[1,2]}}|to_json}}", "{\"a\":{\"b\":[1,2]}}")]
    [InlineData("{\"pos\": {{ value_json.n }}}", "{\"pos\": 5}")]
    [InlineData("{\"a\":{\"b\":{{value_json.n}}}}", "{\"a\":{\"b\":5}}")]
    [InlineData(
        "{{ {'off':0,'heat':1}['heat'] }} {{ {'off':0}['x'] | default('d') }} {{ {0:'a', 1:'b'}[1.0] }}",
        "1 d b"
    )]
    [InlineData(
        "{{ value_json.missing | default('d') }} {{ value_json.x | default('d') }} {{ value_json.x | default('d', true) }} {{ value_json.empty | default('e', True) }} {{ missing | default }}|",
        "d None d e |"
    )]
    [InlineData(
        "{{ value_json.x | default('',True) | string | truncate(254, True, '', 0) }}|",
        "|"
    )]
    [InlineData("{{ value_json.list | string | truncate(10, True, '', 0) }}", "[1, 2.5, '")]
    [InlineData(
        "{{ value_json.long | truncate(10) }} {{ value_json.long | truncate(10, True) }} {{ value_json.long | truncate(30) }}",
        "one... one two... one two three four five six seven"
    )]
    [InlineData("{{ value_json.s | truncate(2) }}", null)]
    [InlineData(
        "{{ '5' | int }} {{ '5.9' | int }} {{ 'x' | int(0) }} {{ 5.9 | int }} {{ -5.9 | int }} {{ 'ff' | int(base=16) }} {{ true | int }} {{ '0x1A' | int(0, 16) }}",
        "5 5 0 5 -5 255 1 26"
    )]
    [InlineData("{{ 'x' | int }}", null)]
    [InlineData("{{ 'x' | float }}", null)]
    [InlineData(
        "{{ '5' | float }} {{ ' 5.50 ' | float }} {{ 'x' | float('d') }} {{ '1e3' | float }} {{ 'inf' | float }} {{ 'nan' | float }} {{ none | float(0) }}",
        "5.0 5.5 d 1000.0 inf nan 0"
    )]
    [InlineData("{{ float(value_json.n) }} {{ float('x', 1) }} {{ int('7') }}", "5.0 1 7")]
    [InlineData(
        "{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 0.125 | round(2) }} {{ 0.375 | round(2) }} {{ 21.55 | round(1) }} {{ 5 | round(2) }} {{ '7.777' | round(1) }}",
        "2 4 2.67 0.12 0.38 21.6 5.0 7.8"
    )]
    [InlineData(
        "{{ 1.21 | round(1, 'ceil') }} {{ 1.29 | round(1, 'floor') }} {{ 1.3 | round(0, 'half') }} {{ 1.3 | round(1, 'half') }} {{ 1234.5 | round(-2) }}",
        "1.3 1.2 1 1.5 1200.0"
    )]
    [InlineData(
        "{{ 100|float|multiply(2.55)|round }} {{ 51|multiply(0.3922)|round }} {{ 'x' | multiply(2, 0) }}",
        "255 20 0"
    )]
    [InlineData(
        "{{ 'AbC' | lower }} {{ 'AbC' | upper }} {{ 'abc def' | title }} {{ 'ABC' | capitalize }} {{ '  x ' | trim }}| {{ true | lower }}",
        "abc ABC Abc Def Abc x| true"
    )]
    [InlineData(
        "{{ [1, 2, 3] | join(',') }} {{ ['a', none, 1.0] | join }} {{ value_json.rows | join('-', attribute='id') }}",
        "1,2,3 aNone1.0 1-2-3"
    )]
    [InlineData(
        "{{ 'a-b-c' | replace('-', '+') }} {{ 'a-b-c' | replace('-', '+', 1) }} {{ 'aaa'.replace('a', 'b', 2) }}",
        "a+b+c a+b-c bba"
    )]
    [InlineData(
        "{{ value_json.list | length }} {{ 'grü' | length }} {{ value_json.uni | length }} {{ value_json.obj | count }} {{ missing | length }}",
        "5 3 9 2 0"
    )]
    [InlineData(
        "{{ [3, 1, 2] | first }} {{ [3, 1, 2] | last }} {{ [] | first }}| {{ 'abc' | first }}",
        "3 2 | a"
    )]
    [InlineData(
        "{{ [3, 1, 2] | sort }} {{ value_json.names | sort }} {{ value_json.names | sort(true) }} {{ value_json.names | sort(case_sensitive=true) }}",
        "[1, 2, 3] ['adam', 'Bob', 'Zoe'] ['Zoe', 'Bob', 'adam'] ['Bob', 'Zoe', 'adam']"
    )]
    [InlineData(
        "{{ value_json.rows | map(attribute='id') | list }} {{ ['1', '2'] | map('int') | list }} {{ value_json.rows | map(attribute='on', default='?') | list }}",
        "[1, 2, 3] [1, 2] [True, False, '?']"
    )]
    [InlineData(
        "{{ value_json.rows | selectattr('on') | map(attribute='id') | list }} {{ value_json.rows | rejectattr('on', 'defined') | map(attribute='id') | list }} {{ value_json.rows | selectattr('id', '>', 1) | list | length }}",
        "[1] [3] 2"
    )]
    [InlineData(
        "{{ [1, 2, 3, 4] | select('odd') | list }} {{ [1, 0, 2] | select | list }} {{ [1, 2, 3] | reject('eq', 2) | list }}",
        "[1, 3] [1, 2] [1, 3]"
    )]
    [InlineData(
        "{{ [('a', 1), ('b', 2)] | selectattr(0, 'eq', 'b') | map(attribute=1) | first }}",
        "2"
    )]
    [InlineData(
        "{{ [1, 2, 2, 1] | unique | list }} {{ ['a', 'A'] | unique | list }} {{ [1, 2, 3] | sum }} {{ [1, 2.5] | sum }} {{ value_json.rows | sum('id') }}",
        "[1, 2] ['a'] 6 3.5 6"
    )]
    [InlineData(
        "{{ [1, 5, 3] | max }} {{ ['b', 'A'] | min }} {{ max(1, 2, 3) }} {{ min([4, 5]) }} {{ max(1, 2.0) }}",
        "5 A 3 4 2.0"
    )]
    [InlineData(
        "{{ [1, 2, 3] | reverse | list }} {{ 'abc' | reverse }} {{ {'b': 1, 'a': 2} | dictsort }} {{ {'b': 1} | items | list }}",
        "[3, 2, 1] cba [('a', 2), ('b', 1)] [('b', 1)]"
    )]
    [InlineData(
        "{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3] | batch(2, 'x') | list }}",
        "[[1, 2], [3, 4], [5]] [[1, 2], [3, 'x']]"
    )]
    [InlineData(
        "{{ 'abcdef'[1:3] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-2:] }} {{ [1, 2, 3, 4][::2] }} {{ [1, 2, 3][5:] }} {{ value_json.uni[8:] }} {{ 'abc'[1] }}",
        "bc fedcba ef [1, 3] [] 😀 b"
    )]
    [InlineData(
        "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'a b  c'.split(none, 1) }}",
        "['a', 'b', '', 'c'] ['a', 'b'] ['a', 'b,c'] ['a,b', 'c'] ['a', 'b  c']"
    )]
    [InlineData(
        "{{ ' x '.strip() }}| {{ 'xxaxx'.strip('x') }} {{ 'xa'.lstrip('x') }} {{ 'ABC'.lower() }} {{ 'abc'.upper() }} {{ 'abc'.startswith('a') }} {{ 'abc'.endswith(('c', 'd')) }}",
        "x| a a abc ABC True True"
    )]
    [InlineData(
        "{{ 'abc'.find('c') }} {{ 'abcabc'.count('bc') }} {{ 'abc'.index('b') }} {{ ','.join(['a', 'b']) }} {{ '7'.zfill(3) }} {{ '-7'.zfill(3) }} {{ 'a'.ljust(3) }}| {{ 'a'.rjust(3, '.') }} {{ 'a'.center(4, '.') }} {{ 'ab'.center(5, '.') }}",
        "2 2 1 a,b 007 -07 a  | ..a .a.. ..ab."
    )]
    [InlineData(
        "{{ 'a=b=c'.partition('=') }} {{ 'abc'.isdigit() }} {{ '12'.isdigit() }} {{ 'Abc'.swapcase() }} {{ \"they're\".title() }} {{ 'prefix-x'.removeprefix('prefix-') }}",
        "('a', '=', 'b=c') False True aBC They'Re x"
    )]
    [InlineData(
        "{{ value_json.obj.get('k') }} {{ value_json.obj.get('z') }} {{ value_json.obj.get('z', 7) }} {{ value_json.obj.keys() | list }} {{ value_json.obj['n'].values() | list }}",
        "v None 7 ['k', 'n'] [1]"
    )]
    [InlineData("{{ value_json.list.append(1) }}", null)]
    [InlineData("{{ value_json.obj.update({'a': 1}) }}", null)]
    [InlineData(
        "{{ value_json.n is number }} {{ value_json.s is string }} {{ value_json.x is none }} {{ value_json.list is iterable }} {{ value_json.obj is mapping }} {{ value_json.list is sequence }} {{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(4) }}",
        "True True True True True True True True True False"
    )]
    [InlineData(
        "{{ 1 is not none }} {{ 1 is in [1] }} {{ 1 is eq 1 }} {{ 1.0 is float }} {{ 1 is integer }} {{ true is boolean }} {{ true is integer }} {{ true is number }} {{ 'a' is lower }} {{ none is undefined }} {{ value_json.t is true }} {{ 1 is sameas 1 }}",
        "True True True True True True False True True False True True"
    )]
    [InlineData(
        "{{ 'abc' is match('ab') }} {{ 'abc' is match('bc') }} {{ 'abc' is search('bc') }}",
        "True False True"
    )]
    [InlineData(
        "{{ 'a1b22' | regex_findall('[0-9]+') }} {{ 'k=v;x=y' | regex_findall('(\\\\w)=(\\\\w)') }} {{ 'abc' | regex_findall('z') }} {{ 'a-b' | regex_replace('(\\\\w)-(\\\\w)', '\\\\2-\\\\1') }}",
        "['1', '22'] [('k', 'v'), ('x', 'y')] [] b-a"
    )]
    [InlineData(
        "{{ 'button_1_press' | regex_findall('^(?P<button>(?:button_)?[a-z0-9]+)_(?P<action>(?:press|hold)(?:_release)?)$') }}",
        "[('button_1', 'press')]"
    )]
    [InlineData(
        "{{ '%s is %d and %.2f' | format('x', 5, 1.005) }} {{ '%05d|%-4s|%4s|%x' | format(42, 'a', 'b', 255) }} {{ '%.1f%%' % 12.25 }} {{ '%+d' % 3 }}",
        "x is 5 and 1.00 00042|a   |   b|ff 12.2% +3"
    )]
    [InlineData(
        "{{ '{} {:.2f} {:>5} {:<3}| {:05d} {:,} {name}'.format('a', 1.005, 'r', 'l', 42, 1234567, name='n') }}",
        "a 1.00     r l  | 00042 1,234,567 n"
    )]
    [InlineData(
        "{{ {'b': 1, 'a': [1, none, true, \"x<y\"]} | tojson }}",
        "{\"a\": [1, null, true, \"x\\u003cy\"], \"b\": 1}"
    )]
    [InlineData("{{ [1, {'a': 2}] | tojson(indent=2) }}", "[\n  1,\n  {\n    \"a\": 2\n  }\n]")]
    [InlineData(
        "{{ '{\"a\": [1, 2.0]}' | from_json }} {{ ('{\"a\": {\"b\": 1}}' | from_json).a.b }}",
        "{'a': [1, 2.0]} 1"
    )]
    [InlineData(
        "{{ \"a\" \"b\" }} {{ 'a\\tb\\x41\\u00e9\\\\d\\d' }} {{ \"it's\" }} {{ 'say \"x\"' }}",
        "ab a\tbAé\\d\\d it's say \"x\""
    )]
    [InlineData(
        "{{ range(3) | list }} {{ range(1, 4) | list }} {{ range(5, 0, -2) | list }} {{ range(0) | list }}",
        "[0, 1, 2] [1, 2, 3] [5, 3, 1] []"
    )]
    [InlineData(
        "{{ dict(a=1, b=2) }} {{ dict([('x', 1)]) }} {{ zip([1, 2], 'ab') | list }}",
        "{'a': 1, 'b': 2} {'x': 1} [(1, 'a'), (2, 'b')]"
    )]
    [InlineData(
        "{{ is_number('5') }} {{ is_number('x') }} {{ is_number(none) }} {{ is_number(true) }} {{ 'nan' | is_number }}",
        "True False False True False"
    )]
    [InlineData(
        "{{ 5 | abs }} {{ -5.5 | abs }} {{ -3 | abs }} {{ 'a' | string | length }} {{ 3 | string + 'x' }}",
        "5 5.5 3 1 3x"
    )]
    [InlineData(
        "{{ (value_json.t == true) | lower }} {{ (value_json.obj.k == 'v') | string }}",
        "true True"
    )]
    [InlineData("{{ value_json.n if value_json.n in [5] else 'None' | default('None') }}", "5")]
    [InlineData("{{ undefined_function() }}", null)]
    [InlineData("{{ 1 / 0 }}", null)]
    [InlineData("{{ none + 1 }}", null)]
    [InlineData("{{ value_json.s | nosuchfilter }}", null)]
    [InlineData("{{ value_json.s", null)]
    [InlineData("{% if x %}", null)]
    [InlineData("{% endif %}", null)]
    [InlineData("{{ ) }}", null)]
    [InlineData("{{ 'unclosed }}", null)]
    [InlineData("{{ a b }}", null)]
    [InlineData("{% for %}x{% endfor %}", null)]
    [InlineData("{% unknown %}", null)]
    [InlineData("{{ [1, 2 }}", null)]
    [InlineData("{{ 5 is nosuchtest }}", null)]
    [InlineData("{{ loop }}|", "|")]
    [InlineData("line one\nline two", "line one\nline two")]
    [InlineData(
        "{% set x = [1, 2] %}\n  {{ x }}\n{% if true %}\n  y\n{% endif %}\nz",
        "\n  [1, 2]\n\n  y\n\nz"
    )]
    [InlineData(
        "{{ 'x' | indent }} {{ 'a\\nb' | indent(2) }} {{ 'a\\nb' | indent(2, true) }} {{ 'one two' | wordcount }} {{ '<a&\"b\">' | e }} {{ 'a b/ü' | urlencode }}",
        "x a\n  b   a\n  b 2 &lt;a&amp;&#34;b&#34;&gt; a%20b/%C3%BC"
    )]
    [InlineData(
        "{{ 1 if true }} {{ (1 if false) is defined }} {{ (1 if false) | default('z') }}",
        "1 False z"
    )]
    [InlineData(
        "{{ value_json.obj == {'k': 'v', 'n': {'deep': 1}} }} {{ [1, 2] == (1, 2) }} {{ [1, true] == [1.0, 1] }}",
        "True False True"
    )]
    [InlineData(
        "{{ not true == false }} {{ 1 + 2 * 3 ** 2 - 4 / 2 }} {{ (1 + 2) * 3 }} {{ 10 - 3 - 2 }} {{ 2 ** 3 ** 2 }} {{ - 3 + 5 }} {{ +3 }}",
        "True 17.0 9 5 64 2 3"
    )]
    [InlineData("{{ 1 ~ 2 + 3 }}", null)]
    [InlineData("{{ 1 + 2 ~ 3 }}", null)]
    [InlineData(
        "{{ 'a' if 'x' is defined and not none else 'b' }} {{ 5 is number and 5 > 3 }} {{ value_json.s is string or false }}",
        "a True True"
    )]
    [InlineData(
        "{{ [true, none, 'x'] | map('string') | join('/') }} {{ [[1, 2], [3]] | map('length') | list }} {{ [1, 2] | map('multiply', 2) | list }}",
        "True/None/x [2, 1] [2.0, 4.0]"
    )]
    [InlineData("{{ value_json.missing | is_number }}", null)]
    [InlineData("{{ value_json.missing | float(9) }}", null)]
    [InlineData("{{ value_json.missing | int(3) }}", null)]
    [InlineData("{{ value_json.missing | float }}", null)]
    [InlineData("{{ 'ÄÖ' | lower }} {{ 'ǆ' }} {{ ['\\u00a0', '\\u2028'] | length }}", "äö ǆ 2")]
    public void A_template_prints_what_Jinja2_prints(string source, string? expected)
    {
        var context = new TemplateContext { Payload = Payload.FromText(Message) };
        if (expected is null)
        {
            Assert.Throws<TemplateException>(() => Template.Parse(source).Render(context));
        }
        else
        {
            Assert.Equal(expected, Template.Parse(source).Render(context));
        }
    }
}
