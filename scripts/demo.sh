#!/usr/bin/env bash
# The main path, from the files to answers and a picture. Everything made here lands in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pilotgraph=.venv/bin/pilotgraph
sources=${SOURCES:-../shared/sources}
mkdir -p build

step() { printf '\n\033[1m── %s\033[0m\n' "$1"; }
[ -t 1 ] || step() { printf '\n── %s\n' "$1"; }
ask() { # question, rows to show, further options
  local name=$1 rows=$2
  shift 2
  step "$($pilotgraph query --list | awk -v name="$name" '$0 == name {getline; sub(/^ +/, ""); print}')"
  printf '$ pilotgraph query %s\n\n' "$name${*:+ $*}"
  $pilotgraph query "$name" --width 118 --limit "$rows" "$@"
}

step "The data set"
$pilotgraph info

step "What the sources say on each research question, pilot by pilot"
$pilotgraph info --coverage

step "Validate: does the data keep to the shapes? (about half a minute)"
$pilotgraph validate

step "Verify: does every passage stand in its source, and does every value follow from it?"
if ls "$sources"/*.txt >/dev/null 2>&1; then
  $pilotgraph verify --sources "$sources"
else
  echo "not checked: the source texts are not at hand. data/sources.toml tells where the documents are public."
fi

step "Load: a store on disk"
$pilotgraph load --to build/store

ask most-connected-organisations 3
ask pilots-by-place 4
ask money-totals 8
ask goals-served 6
ask contradictions 4
ask partners-of-pilots 6 --param pilot=mijn-zaak --evidence

step "The network of pilots and partners"
$pilotgraph network --html build/network.html --force
$pilotgraph network --html build/netwerk-met-groepen.html --kinds --lang nl --force
$pilotgraph network --without-funders --output build/network.svg --force

step "The site: pages, RDF, search, SPARQL and dumps in one folder (about a minute)"
if ls "$sources"/*.txt >/dev/null 2>&1; then
  $pilotgraph site build/site --sources "$sources"
else
  $pilotgraph site build/site
fi

cat <<'END'

── Done. What now?

  Open in a browser (no network needed):
    build/site/index.html              everything: pilots, partners, questions, network, search
    build/network.svg                  the network as a picture for a report
    build/network.html                 pilots and organisations, a quick look
    build/netwerk-met-groepen.html     in Dutch, with professional groups

  The SPARQL pages of the site need a web server; the plainest will do:
    python3 -m http.server --bind 127.0.0.1 --directory build/site 8000
    and open http://127.0.0.1:8000/

  Type next:
    source .venv/bin/activate
    pilotgraph query --list                                        all questions
    pilotgraph query partners-of-pilots -p pilot=zsm --evidence    with the passages that say so
    pilotgraph query money-totals --format xlsx -o build/money.xlsx
    pilotgraph validate --help                                     check data of your own

  Read: README.md, docs/
END
