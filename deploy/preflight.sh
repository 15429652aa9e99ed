#!/usr/bin/env bash
# Names what this machine lacks for `make run`, each with its one-line remedy, before minutes are spent on building.
# Exit 0 when nothing is missing. Settings are those of docs/configuration.md.
set -uo pipefail

lacks=0
lack() {
    echo "preflight: $1" >&2
    echo "           $2" >&2
    lacks=$((lacks + 1))
}

check_program() {
    command -v "$1" >/dev/null || lack "$1 is missing." "$2"
}

check_go() {
    local version
    if ! command -v go >/dev/null; then
        lack "Go is missing." "Install Go 1.26 or newer from https://go.dev/dl and put its bin folder on PATH."
        return
    fi
    version=$(go env GOVERSION)
    if [[ ! $version =~ ^go1\.([0-9]+) ]] || [ "${BASH_REMATCH[1]}" -lt 26 ]; then
        lack "Go is $version, too old." "Install Go 1.26 or newer from https://go.dev/dl."
    fi
}

# The build cache takes 2.2 GB, the modules 1 GB, a fresh data directory 0.1 GB.
check_disk() {
    local folder=$1 need_mb=$2 remedy=$3 free_kb
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    free_kb=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
    [ "${free_kb:-0}" -ge $((need_mb * 1024)) ] || lack "$folder has $((free_kb / 1024)) MB free, $need_mb are needed." "$remedy"
}

# One compiler of Temporal's server alone takes up to 2.8 GB.
check_memory() {
    local available_kb
    [ -r /proc/meminfo ] || return 0
    available_kb=$(awk '/^(MemAvailable|SwapFree):/ { sum += $2 } END { print sum }' /proc/meminfo)
    [ "$available_kb" -ge $((3 * 1024 * 1024)) ] ||
        lack "$((available_kb / 1024)) MB of memory are free, 3072 are needed to build." "Close programs or add swap; a built stack runs in 400 MB."
}

is_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A stack that was killed gives its ports back within seconds.
check_port() {
    local part=$1 setting=$2 address=$3 port attempt
    port=${address##*:}
    for attempt in 1 2 3 4 5 6; do
        is_busy "$port" || return 0
        [ "$attempt" -eq 6 ] || sleep 0.5
    done
    lack "port $port, wanted by $part, is taken." "Stop what holds it (\`ss -ltnp 'sport = :$port'\`) or set $setting."
}

check_ports() {
    check_port "the API" MAINSTAY_HTTP_ADDR "${MAINSTAY_HTTP_ADDR:-:${PORT:-8080}}"
    check_port "health and metrics" MAINSTAY_OPS_ADDR "${MAINSTAY_OPS_ADDR:-:8081}"
    if [ -z "${MAINSTAY_DATABASE_URL:-${MAINSTAY_DATABASE_URL_FILE:-${DATABASE_URL:-}}}" ]; then
        check_port PostgreSQL MAINSTAY_POSTGRES_PORT "${MAINSTAY_POSTGRES_PORT:-5433}"
    fi
    if [ -z "${MAINSTAY_TEMPORAL_ADDRESS:-}" ]; then
        check_port Temporal MAINSTAY_TEMPORAL_ADDR "${MAINSTAY_TEMPORAL_ADDR:-:7233}"
        check_port "the Temporal Web UI" MAINSTAY_TEMPORAL_UI_ADDR "${MAINSTAY_TEMPORAL_UI_ADDR:-:8233}"
    fi
    if [ -z "${MAINSTAY_S3_ENDPOINT:-}" ]; then
        check_port "S3 storage" MAINSTAY_S3_ADDR "${MAINSTAY_S3_ADDR:-:9000}"
    fi
    if [ -z "${MAINSTAY_SMTP_URL:-${MAINSTAY_SMTP_URL_FILE:-}}" ]; then
        check_port "the mail catcher" MAINSTAY_SMTP_ADDR "${MAINSTAY_SMTP_ADDR:-:1025}"
        check_port "the page of caught mail" MAINSTAY_MAIL_UI_ADDR "${MAINSTAY_MAIL_UI_ADDR:-:8025}"
    fi
}

have_postgresql() {
    local dir
    [ -z "${MAINSTAY_DATABASE_URL:-${MAINSTAY_DATABASE_URL_FILE:-${DATABASE_URL:-}}}" ] || return 0
    for dir in "${MAINSTAY_PG_BINDIR:-}" /usr/lib/postgresql/{18,17,16,15}/bin {/opt/homebrew,/usr/local}/opt/postgresql@{18,17,16,15}/bin; do
        [ -n "$dir" ] && [ -x "$dir/initdb" ] && return 0
    done
    command -v initdb >/dev/null || command -v npm >/dev/null # npm fetches one
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}
check_program make "Debian: apt-get install make; macOS: xcode-select --install."
check_program gcc "Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install. The race detector of \`make test\` needs it."
check_go
have_postgresql || lack "PostgreSQL 15 to 18 is missing, and npm to fetch it." "Debian: apt-get install postgresql; macOS: brew install postgresql@18; or set MAINSTAY_PG_BINDIR."
if compgen -G "$cache/mainstay/devstack-*" >/dev/null; then
    check_disk "${MAINSTAY_DATA_DIR:-.mainstay}" 500 "Free some space or set MAINSTAY_DATA_DIR."
else
    check_disk "$cache" 4000 "Free some space: the first build needs it once."
    check_memory
fi
check_ports
[ "$lacks" -eq 0 ]
