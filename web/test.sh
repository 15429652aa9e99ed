#!/usr/bin/env bash
# Tests of the frontend: types, lint and logic, then every screen in a real browser against the whole real stack; with `browser` that alone.
# Where Node or a browser is missing it says what is left out and the line that mends it.
set -euo pipefail
cd "$(dirname "$0")"

left_out() {
    printf '\n\033[33m== LEFT OUT: %s\n   %s\033[0m\n\n' "$1" "$2"
    exit 0
}

browser() {
    local path
    for path in "${MAINSTAY_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
        if [ -n "$path" ] && [ -x "$path" ]; then return 0; fi
    done
    return 1
}

new_enough() {
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}

command -v npm >/dev/null && command -v node >/dev/null && new_enough || left_out "all tests of the web frontend: Node.js 20.19 or newer is missing" "sudo apt install nodejs npm   (or https://nodejs.org)"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then npm ci --no-audit --no-fund; fi
npm run --silent types
if [ "${1:-}" != browser ]; then
    npm run --silent check
    npm run --silent test
fi
browser || left_out "the browser tests of the web frontend: no Chromium found" "sudo apt install chromium   (or set MAINSTAY_CHROMIUM to one)"
npm run --silent e2e
