#!/usr/bin/env bash
# Everything that must hold before a change is merged: layout, build without warnings, all tests.
#
#   ./test.sh              every test project
#   ./test.sh Core Mqtt    the test projects whose name contains one of the words
#
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when something ran and
# nothing failed. A step that makes the tests impossible says why and ends the run without that line.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Programs the tests call, as "command:Debian package": MQTT clients and a Jinja2 that are not ours.
NEEDED=(
  mosquitto_pub:mosquitto-clients
  python3-paho:python3-paho-mqtt
  python3-jinja2:python3-jinja2
  node:nodejs
  npm:npm
)
# Likewise, but the tests that call these are skipped where they cannot be installed.
WANTED=(faketime:faketime)
# A project that takes longer than this hangs: it is stopped and counts as failed.
SECONDS_MAX_A_PROJECT=600

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers that outlive the script keep its output pipe open, and a CI job waits on that.
export MSBUILDDISABLENODEREUSE=1
exec </dev/null

say() { printf '%s\n' "$*"; }
stop() {
  printf '\ntest.sh: %s\n' "$*" >&2
  exit 1
}

# Whether a program is there. Debian's paho and jinja2 are modules of the system's Python.
is_there() {
  case $1 in
    python3-paho) /usr/bin/python3 -c 'import paho.mqtt.client' 2>/dev/null ;;
    python3-jinja2) /usr/bin/python3 -c 'import jinja2' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

install_needed() {
  local entry missing=()
  for entry in ${NEEDED[@]+"${NEEDED[@]}"}; do
    is_there "${entry%%:*}" || missing+=("${entry##*:}")
  done
  ((${#missing[@]} == 0)) && return
  local root=()
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || stop "please install: ${missing[*]} (the tests call them)"
    root=(sudo -n)
  fi
  command -v apt-get >/dev/null || stop "please install: ${missing[*]} (the tests call them)"
  say "installing ${missing[*]}"
  ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
  ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    stop "apt-get could not install ${missing[*]}; its message is above"
}

install_wanted() {
  local entry missing=()
  for entry in ${WANTED[@]+"${WANTED[@]}"}; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
  done
  ((${#missing[@]} == 0)) && return
  if ((EUID == 0)) && command -v apt-get >/dev/null && {
    timeout 60 apt-get update -qq
    DEBIAN_FRONTEND=noninteractive timeout 60 \
      apt-get install -y -qq --no-install-recommends "${missing[@]}"
  } >/dev/null 2>&1; then
    say "installed ${missing[*]}"
  else
    say "without ${missing[*]}: tests that want it are skipped"
  fi
}

# Runs one step quietly; its output is shown only when it fails.
step() {
  local title=$1 began=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    say "$title: ok ($((SECONDS - began)) s)"
  else
    say "$title: FAILED"
    printf '%s\n' "$output"
    return 1
  fi
}

# The value of one attribute of the result file's <assembly> element.
count_of() {
  local value
  value=$(grep -o '<assembly [^>]*' "$2" 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9')
  say "${value:-0}"
}

command -v dotnet >/dev/null ||
  stop "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
install_needed
install_wanted

projects=()
for path in tests/*/*.csproj; do
  name=$(basename "$path" .csproj)
  wanted=$(($# == 0))
  for word in "$@"; do [[ $name == *"$word"* ]] && wanted=1; done
  ((wanted)) && projects+=("$name")
done
((${#projects[@]} > 0)) || stop "no test project is named like: $*"

step "tools" dotnet tool restore || stop "dotnet tool restore failed"
# Wrong layout fails the run, but not before the tests have said what they know.
layout=ok
step "layout" dotnet csharpier check . || layout="wrong; run: dotnet csharpier format ."
step "restore" dotnet restore Hearth.slnx --locked-mode -v q ||
  stop "restore failed; after a change of packages run 'dotnet restore' and commit the lock files"
# One compiler for all projects takes two thirds of the time; it is sent home when it is done.
compile() {
  dotnet build Hearth.slnx -c Release --no-restore -v q -tl:off "-clp:NoSummary;ErrorsOnly" \
    -p:UseSharedCompilation=true
  local code=$?
  dotnet build-server shutdown --vbcscompiler >/dev/null
  return $code
}
step "build" compile || stop "the build failed; warnings are errors"

limit=()
command -v timeout >/dev/null && limit=(timeout -k 10 "$SECONDS_MAX_A_PROJECT")
results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
passed=0 failed=0 skipped=0 broken=()
for name in "${projects[@]}"; do
  began=$SECONDS
  file=$results/$name.xml
  ${limit[@]+"${limit[@]}"} "artifacts/bin/$name/release/$name" \
    -noLogo -noColor -noAutoReporters -reporter quiet -result-xml "$file"
  code=$?
  now_passed=$(count_of passed "$file")
  now_failed=$(($(count_of failed "$file") + $(count_of errors "$file")))
  now_skipped=$(count_of skipped "$file")
  if ((code != 0 && now_failed == 0)); then
    # It died (crash, timeout) before it could count; that must not look like success.
    now_failed=1
    say "$name ended with exit code $code without naming a failed test (124: it took too long)"
  elif [[ ! -f $file ]]; then
    now_failed=1
    say "$name wrote no result file"
  fi
  ((now_failed > 0)) && broken+=("$name")
  passed=$((passed + now_passed)) failed=$((failed + now_failed)) skipped=$((skipped + now_skipped))
  say "$name: $now_passed passed, $now_failed failed, $now_skipped skipped ($((SECONDS - began)) s)"
done

say ""
[[ $layout == ok ]] || say "layout: $layout"
((${#broken[@]} == 0)) || say "failed: ${broken[*]}"
((passed + failed > 0)) || say "no test ran"
say "took $SECONDS s"
say "$passed passed, $failed failed, $skipped skipped"
[[ $layout == ok ]] && ((failed == 0 && passed > 0))
