#!/bin/sh
# Says in one sentence which tool is missing, and where to get it.
python=${1:-python3}
missing() { echo "Cordon needs $1. $2" >&2; exit 1; }
command -v "$python" >/dev/null 2>&1 || missing "Python 3.11 or newer" "Install it, or name it: make PYTHON=/path/to/python3.11"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    missing "Python 3.11 or newer" "This is $("$python" -V 2>&1); name another: make PYTHON=/path/to/python3.11"
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing "Python's venv module" "On Debian and Ubuntu: apt install python3-venv"
command -v cargo >/dev/null 2>&1 || missing "a Rust toolchain (cargo 1.88 or newer)" "See rustup.rs, or your system's packages"
command -v cc >/dev/null 2>&1 || missing "a C linker (cc)" "On Debian and Ubuntu: apt install gcc"
command -v npm >/dev/null 2>&1 || missing "Node.js with npm" "See nodejs.org, or your system's packages"
