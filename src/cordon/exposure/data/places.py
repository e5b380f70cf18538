"""In which country a host is, as far as its name tells: a country's own domain, or the region of a cloud."""

from typing import Final

DOMAINS: Final = {
    "at": "Austria", "au": "Australia", "be": "Belgium", "br": "Brazil", "ca": "Canada", "ch": "Switzerland",
    "cn": "China", "cz": "Czechia", "de": "Germany", "dk": "Denmark", "ee": "Estonia", "es": "Spain", "fi": "Finland",
    "fr": "France", "gr": "Greece", "hk": "Hong Kong", "hu": "Hungary", "ie": "Ireland", "il": "Israel", "in": "India",
    "it": "Italy", "jp": "Japan", "kr": "South Korea", "lt": "Lithuania", "lu": "Luxembourg", "lv": "Latvia",
    "mx": "Mexico", "nl": "Netherlands", "no": "Norway", "nz": "New Zealand", "pl": "Poland", "pt": "Portugal",
    "ro": "Romania", "ru": "Russia", "se": "Sweden", "sg": "Singapore", "si": "Slovenia", "sk": "Slovakia",
    "tr": "Türkiye", "tw": "Taiwan", "ua": "Ukraine", "uk": "United Kingdom", "us": "United States",
    "za": "South Africa",
}  # fmt: skip
"""Country-code domains that are used as such; those sold to everybody (.io, .tv, .co, …) tell nothing."""
REGIONS: Final = {
    "us-east-1": "United States", "us-east-2": "United States", "us-west-1": "United States",
    "us-west-2": "United States", "ca-central-1": "Canada", "eu-west-1": "Ireland", "eu-west-2": "United Kingdom",
    "eu-west-3": "France", "eu-central-1": "Germany", "eu-central-2": "Switzerland", "eu-north-1": "Sweden",
    "eu-south-1": "Italy", "eu-south-2": "Spain", "ap-northeast-1": "Japan", "ap-northeast-2": "South Korea",
    "ap-northeast-3": "Japan", "ap-southeast-1": "Singapore", "ap-southeast-2": "Australia", "ap-south-1": "India",
    "ap-east-1": "Hong Kong", "sa-east-1": "Brazil", "af-south-1": "South Africa", "cn-north-1": "China",
    "cn-northwest-1": "China",
}  # fmt: skip
"""Regions of Amazon Web Services, which stand in the names of hosts there (its documentation, regions and zones)."""


def country_of(name: str) -> str:
    """The country that a host's name speaks of; "" where it does not."""
    labels = name.lower().strip(".").split(".")
    for label in labels[:-1]:
        plain = label.removeprefix("s3-").removeprefix("ec2-")
        if (region := REGIONS.get(label) or REGIONS.get(plain)) is not None:
            return region
    return DOMAINS.get(labels[-1], "") if len(labels) > 1 else ""
