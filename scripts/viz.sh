#!/usr/bin/env bash
# Build the browser side (viz/) with npm, or install the SPARQL client that a test uses (`client`): the system's Node.js if it is new enough, else the one that pip brings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=$PWD/.venv/bin
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null || ! command -v npm >/dev/null; then
  [ -x "$bin/node" ] || "$bin/python" -m pip install --quiet --require-hashes -r requirements-node.lock
  export PATH="$bin:$PATH"
fi
if [ "${1:-}" = client ]; then
  cd tests/serve/comunica
  exec npm ci --silent
fi
cd viz
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
npm run --silent "${@:-build}"
