#!/bin/sh
# Fuzzes the packet engine, target after target, where cargo-fuzz and a nightly compiler are there; else damaged captures
# go through the whole engine. What is found lies in rust/fuzz/artifacts, what was learned in rust/fuzz/corpus.
#
#   scripts/fuzz.sh SECONDS [TARGET]...     each target for so long; all targets unless some are named
#   scripts/fuzz.sh night HOURS             so many hours in all, by equal shares
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
if [ "$seconds" = night ]; then
    hours=${2:-8}
    shift
fi
[ $# -eq 0 ] || shift

missing=""
cargo fuzz --version >/dev/null 2>&1 || missing="cargo-fuzz (cargo install cargo-fuzz)"
if ! cargo +nightly --version >/dev/null 2>&1; then
    missing="${missing:+$missing and }a nightly compiler (rustup toolchain install nightly)"
fi
if [ -n "$missing" ]; then
    [ "$seconds" = night ] && seconds=$((hours * 3600))
    echo "→ no guided fuzzing: $missing is missing; damaged captures go through the whole engine for $seconds s instead"
    CORDON_FUZZ_SECONDS=$seconds cargo test --quiet -p packets --test damage -- --nocapture
    exit
fi

python=.venv/bin/python
[ -x "$python" ] || python=python3
"$python" scripts/fuzz_targets.py
folder=rust/fuzz
triple=$(rustc +nightly -vV | sed -n 's/^host: //p')
[ -d "$folder/seeds" ] || "$python" scripts/fuzz_seeds.py "$folder/seeds" ||
    echo "→ no seeds from the lab (make setup first); the fuzzer begins with nothing"
echo "→ building the targets (minutes, the first time)"
cargo +nightly fuzz build --fuzz-dir "$folder" 2>"$folder/build.log" || { cat "$folder/build.log"; exit 1; }

targets=${*:-$(cargo +nightly fuzz list --fuzz-dir "$folder")}
count=$(echo "$targets" | wc -w)
[ "$seconds" = night ] && seconds=$((hours * 3600 / count))
mkdir -p "$folder/logs" "$folder/artifacts"
report=$folder/logs/summary.txt
printf '%-12s %12s %10s %8s  %s\n' target executions features seconds found >"$report"
place=0
for target in $targets; do
    place=$((place + 1))
    echo "→ $target ($place of $count) for $seconds s"
    mkdir -p "$folder/corpus/$target" "$folder/seeds/$target" "$folder/artifacts/$target"
    log=$folder/logs/$target.log
    found=nothing
    nice -n 5 "$folder/target/$triple/release/$target" -artifact_prefix="$folder/artifacts/$target/" \
        -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        "$folder/corpus/$target" "$folder/seeds/$target" >"$log" 2>&1 || found="see $log"
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    features=$(sed -n 's/.* ft: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    took=$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")
    printf '%-12s %12s %10s %8s  %s\n' "$target" "${runs:-0}" "${features:-0}" "${took:-?}" "$found" >>"$report"
    tail -n 1 "$report"
done
echo
cat "$report"
awk 'NR > 1 { runs += $2; seconds += $4 } END { printf "%d executions of %d targets in %d s\n", runs, NR - 1, seconds }' \
    "$report"
! grep -q "see $folder" "$report"
