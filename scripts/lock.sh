#!/bin/sh
# Writes the lock files anew from pyproject.toml: versions and hashes, no download addresses.
set -e
cd "$(dirname "$0")/.."
compile="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command scripts/lock.sh"
$compile pyproject.toml -o requirements.lock
$compile --group build -c requirements.lock -o requirements-build.lock
$compile --group dev -c requirements.lock -o requirements-dev.lock
