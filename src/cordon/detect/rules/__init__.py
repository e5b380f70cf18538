"""Rules of owners: simple detectors written in YAML, one document each.

A rule names a table, what it wants of a row, perhaps how often within a span, and the sentence it says.
"""

from cordon.detect.rules.detector import detectors_of
from cordon.detect.rules.reading import Read, load_rules, read_file, read_rules
from cordon.detect.rules.rule import Rule

__all__ = ["Read", "Rule", "detectors_of", "load_rules", "read_file", "read_rules"]
