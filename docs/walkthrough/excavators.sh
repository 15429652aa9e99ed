#!/bin/sh
# excavators.sh CSV: imports work orders of five excavators (A to E) as closed history into a running installation, and prints
# what each machine has cost. Run twice it changes nothing the second time.
#
# CSV has the columns id, BscStartDate, Asset, OriginalShorttext, PMType, Cost and RunningTime (more may be there): the form of
# the data that Hodkiewicz and Ho published in 2016. sample.csv beside this script is a small file of the same form.
#
# Of the order types the publication says what PM01 (corrective) and PM02 (preventive) are; the others count as corrective.
# Running time is what a machine ran since the job before, not a counter: it goes into a gauge, the last value of a day counts.
# The data's costs are Australian dollars; they are taken as amounts in the tenant's currency, in which costs are summed.
set -eu

usage="usage: MAINSTAY_URL=http://127.0.0.1:8080 MAINSTAY_TOKEN=... $0 CSV"
csv=${1:?"$usage"}
: "${MAINSTAY_TOKEN:?"$usage"}"
MAINSTAY_URL=${MAINSTAY_URL:-http://127.0.0.1:8080}
export MAINSTAY_URL MAINSTAY_TOKEN
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mainstay=${MAINSTAY_BIN:-$here/../../bin/mainstay}
[ -x "$mainstay" ] || { echo "There is no $mainstay: run make build, or set MAINSTAY_BIN." >&2; exit 2; }
[ -r "$csv" ] || { echo "There is no file $csv." >&2; exit 2; }

get() {
	curl --fail --silent --show-error --header "Authorization: Bearer $MAINSTAY_TOKEN" "$MAINSTAY_URL$1"
}

# A category that is there already answers 409: that is fine.
status=$(curl --silent --show-error --output /dev/null --write-out '%{http_code}' --request POST \
	--header "Authorization: Bearer $MAINSTAY_TOKEN" --header 'Content-Type: application/json' \
	--data '{"code":"EXCAVATOR","name":"Excavators"}' "$MAINSTAY_URL/v1/asset-categories")
case $status in
201 | 409) ;;
000) exit 3 ;;
*) echo "The category could not be created: HTTP $status." >&2; exit 1 ;;
esac

printf 'site         '; "$mainstay" import "$here/site.csv" --kind locations
printf 'assets       '; "$mainstay" import "$here/assets.csv" --kind assets
printf 'work orders  '; "$mainstay" import "$csv" --kind work-orders --mapping "$here/excavators.json"

echo
printf '%-6s %16s\n' asset cost
for asset in EX-A EX-B EX-C EX-D EX-E; do
	id=$(get "/v1/assets?code=$asset" | sed -n 's/^{"items":\[{"id":"\([0-9a-f-]*\)".*/\1/p')
	amount=$(get "/v1/assets/$id/costs" | sed -n 's/.*"total":{"amount":"\([-0-9.]*\)".*/\1/p')
	[ -n "$amount" ] || { echo "There are no costs of $asset." >&2; exit 1; }
	echo "$asset $amount"
done | awk '{ printf "%-6s %16.2f\n", $1, $2; sum += $2 } END { printf "%-6s %16.2f\n", "sum", sum }'
