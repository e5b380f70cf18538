#!/bin/sh
# Fuzzes the packet engine: each target for $1 seconds (60 unless told) where cargo-fuzz and a nightly compiler are there,
# else damaged captures through the whole engine for as long. What is found lies in rust/fuzz/artifacts.
set -eu
seconds=${1:-60}
cd "$(dirname "$0")/.."

missing=""
cargo fuzz --version >/dev/null 2>&1 || missing="cargo-fuzz (cargo install cargo-fuzz)"
if ! cargo +nightly --version >/dev/null 2>&1; then
    missing="${missing:+$missing and }a nightly compiler (rustup toolchain install nightly)"
fi
if [ -n "$missing" ]; then
    echo "→ no guided fuzzing: $missing is missing; damaged captures go through the whole engine for $seconds s instead"
    CORDON_FUZZ_SECONDS=$seconds cargo test --quiet -p packets --test damage -- --nocapture
    exit
fi
cd rust
for target in $(cargo +nightly fuzz list); do
    echo "→ $target for $seconds s"
    cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048
done
