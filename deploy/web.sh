#!/usr/bin/env bash
# Builds the web frontend where Node is, if its sources changed, and prints the flags with which `go build` embeds it. Where Node is missing it says
# so and prints nothing: the program works without a frontend. `web.sh packages` only installs what the dev server needs; it fails where Node is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

without() {
    printf '\033[33mWeb pages: not built, %s\n     %s\033[0m\n' "$1" "$2" >&2
    if [ "${mode}" = packages ]; then exit 1; fi
    exit 0
}

# Vite needs 20.19.
is_new_enough() {
    [[ $1 =~ ^v([0-9]+)\.([0-9]+) ]] || return 1
    [ "${BASH_REMATCH[1]}" -gt 20 ] || { [ "${BASH_REMATCH[1]}" -eq 20 ] && [ "${BASH_REMATCH[2]}" -ge 19 ]; }
}

mode=${1:-build}
[ -f web/package.json ] || exit 0
remedy='Install Node.js 20.19 or newer with npm (https://nodejs.org; Debian: apt-get install nodejs npm; macOS: brew install node).'
command -v node >/dev/null && command -v npm >/dev/null || without "Node.js 20.19 or newer is missing." "$remedy"
version=$(node --version)
is_new_enough "$version" || without "Node.js $version is too old." "$remedy"

# One build at a time: make run and make test may meet.
mkdir -p bin
exec 9>bin/web.lock
if command -v flock >/dev/null; then flock 9; fi

installed=web/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ web/package-lock.json -nt "$installed" ]; then
    echo "web: installing packages" >&2
    npm --prefix web ci --no-audit --no-fund --prefer-offline >&2 || without "npm ci failed." "Look at its lines above; \`npm --prefix web ci\` tries again."
    touch "$installed"
fi
[ "$mode" = build ] || exit 0

sources=(web/src web/public web/index.html web/package-lock.json web/package.json web/tsconfig.json web/vite.config.ts api/openapi.json)
built=web/dist/index.html
if [ ! -f "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built" -not -name '*.gen.ts' -print -quit)" ]; then
    echo "web: building" >&2
    npm --prefix web run --silent build >&2
    touch "$built"
fi
echo "-tags web"
