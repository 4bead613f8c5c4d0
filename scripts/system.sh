#!/usr/bin/env bash
# Install what the tests need besides Python: Java (HermiT, OWL profiles), Chromium (pages are
# looked at), Virtuoso (a second SPARQL server), nginx and Apache httpd (for the published rules). Servers are
# started by the tests only, never as a service.
# Without the right to install, say what will be skipped and go on.
set -euo pipefail
wanted=()
command -v java >/dev/null || wanted+=(default-jre-headless)
command -v virtuoso-t >/dev/null || wanted+=(virtuoso-opensource)
command -v nginx >/dev/null || wanted+=(nginx-light)
command -v apache2 >/dev/null || wanted+=(apache2-bin)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
[ ${#wanted[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  echo "installing ${wanted[*]} …"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
else
  echo "not installed: ${wanted[*]} (install them, or the tests that need them are skipped)" >&2
fi
