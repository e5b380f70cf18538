"""Registered domains: the part of a host name that somebody has registered, after the public suffix.

A small excerpt of what the Public Suffix List (publicsuffix.org, MPL-2.0) records as facts; written here for the
names that devices use. A name under a shared-hosting suffix belongs to whoever rents it.
"""

from functools import lru_cache
from typing import Final

_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gv", "ltd", "me", "mil", "ne", "net", "nom"}
                                 | {"or", "org", "plc", "sch", "go", "id", "gen", "firm", "ind", "web"})  # fmt: skip

_SHARED: Final = frozenset(
    {
        "azurewebsites.net", "blogspot.com", "cloudapp.net", "cloudfront.net", "ddns.net", "duckdns.org", "dyndns.org",
        "fly.dev", "github.io", "gitlab.io", "herokuapp.com", "hopto.org", "myftp.org", "netlify.app", "ngrok.io",
        "ngrok-free.app", "no-ip.org", "onrender.com", "pages.dev", "s3.amazonaws.com", "serveo.net", "synology.me",
        "myfritz.net", "vercel.app", "web.app", "workers.dev", "zapto.org", "blob.core.windows.net",
        "trycloudflare.com",
    }
)  # fmt: skip

ORGANISATIONS: Final[dict[str, str]] = {
    domain: owner
    for owner, domains in {
        "amazon": "amazon.com amazon.de amazon.co.uk amazonalexa.com amazonvideo.com media-amazon.com aws.dev "
        "amazontrust.com ssl-images-amazon.com a2z.com",
        "apple": "apple.com icloud.com icloud-content.com mzstatic.com apple-dns.net cdn-apple.com aaplimg.com",
        "cloudflare": "cloudflare.com cloudflare-dns.com cloudflare.net",
        "google": "google.com googleapis.com gstatic.com googleusercontent.com googlevideo.com ggpht.com youtube.com "
        "ytimg.com 1e100.net gvt1.com gvt2.com nest.com dropcam.com googletagmanager.com doubleclick.net",
        "meta": "facebook.com fbcdn.net instagram.com whatsapp.net whatsapp.com",
        "microsoft": "microsoft.com windows.com windowsupdate.com msftncsi.com msftconnecttest.com live.com office.com "
        "office365.com azure.com msedge.net skype.com windows.net",
        "netflix": "netflix.com nflxvideo.net nflximg.net nflxso.net nflxext.com",
        "philips": "meethue.com philips.com signify.com philips-hue.com",
        "samsung": "samsung.com samsungcloudsolution.com samsungotn.net smartthings.com samsungelectronics.com",
        "tuya": "tuyaus.com tuyaeu.com tuyacn.com tuya.com iotbing.com",
        "xiaomi": "mi.com xiaomi.com miui.com xiaomi.net",
    }.items()
    for domain in domains.split()
}
"""Domains that one organisation keeps for itself alone: a new one of them is not a new destination."""


@lru_cache(maxsize=65_536)
def registered_domain(name: str) -> str:
    """The registered domain of a host name; the name itself when it has none."""
    labels = name.lower().strip(".").split(".")
    for length in (4, 3, 2):
        if len(labels) > length and ".".join(labels[-length:]) in _SHARED:
            return ".".join(labels[-length - 1 :])
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


@lru_cache(maxsize=65_536)
def organisation(name: str) -> str:
    """Who a host name belongs to, as far as known: the organisation, else the registered domain."""
    domain = registered_domain(name)
    return ORGANISATIONS.get(domain, domain)
