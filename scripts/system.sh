#!/usr/bin/env bash
# Install what the tests need besides Python: Java (HermiT, OWL profiles) and Chromium (pages are looked at).
# Without the right to install, say what will be skipped and go on.
set -euo pipefail
wanted=()
command -v java >/dev/null || wanted+=(default-jre-headless)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
[ ${#wanted[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  echo "installing ${wanted[*]} …"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
else
  echo "not installed: ${wanted[*]} (install them, or the tests that need them are skipped)" >&2
fi
