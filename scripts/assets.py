"""Copies what the console's pages load out of node_modules into the package, with each licence beside it.

Run after ``npm ci``; the folder is replaced as a whole, so nothing old stays behind.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src/cordon/server/console/static/vendor"

SANS, MONO = "@fontsource/ibm-plex-sans", "@fontsource/ibm-plex-mono"

WANTED = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "cytoscape.js": "cytoscape/dist/cytoscape.esm.min.mjs",
    "uplot.js": "uplot/dist/uPlot.esm.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/cytoscape.txt": "cytoscape/LICENSE",
    "licences/uplot.txt": "uplot/LICENSE",
    "licences/ibm-plex-sans.txt": f"{SANS}/LICENSE",
    "licences/ibm-plex-mono.txt": f"{MONO}/LICENSE",
    **{f"fonts/ibm-plex-sans-{w}.woff2": f"{SANS}/files/ibm-plex-sans-latin-{w}-normal.woff2" for w in (400, 500, 600)},
    **{f"fonts/ibm-plex-mono-{w}.woff2": f"{MONO}/files/ibm-plex-mono-latin-{w}-normal.woff2" for w in (400, 500)},
}


def main() -> int:
    """Copies the files; 2 when one of them is not installed."""
    for source in WANTED.values():
        if not (MODULES / source).is_file():
            sys.stderr.write(f"{source} is not installed; run npm ci first\n")
            return 2
    fresh = TARGET.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for target, source in WANTED.items():
        (fresh / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, fresh / target)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
