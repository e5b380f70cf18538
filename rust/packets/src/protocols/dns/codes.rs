//! The numbers of record types and response codes by name (IANA, Domain Name System Parameters).

use std::borrow::Cow;

/// The mnemonic of a record type, or `TYPE65280` (RFC 3597).
#[must_use]
pub fn kind_name(kind: u16) -> Cow<'static, str> {
    let name = match kind {
        1 => "A",
        2 => "NS",
        3 => "MD",
        4 => "MF",
        5 => "CNAME",
        6 => "SOA",
        7 => "MB",
        8 => "MG",
        9 => "MR",
        10 => "NULL",
        11 => "WKS",
        12 => "PTR",
        13 => "HINFO",
        14 => "MINFO",
        15 => "MX",
        16 => "TXT",
        17 => "RP",
        18 => "AFSDB",
        28 => "AAAA",
        29 => "LOC",
        33 => "SRV",
        35 => "NAPTR",
        39 => "DNAME",
        41 => "OPT",
        43 => "DS",
        44 => "SSHFP",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        50 => "NSEC3",
        51 => "NSEC3PARAM",
        52 => "TLSA",
        59 => "CDS",
        60 => "CDNSKEY",
        61 => "OPENPGPKEY",
        64 => "SVCB",
        65 => "HTTPS",
        99 => "SPF",
        249 => "TKEY",
        250 => "TSIG",
        251 => "IXFR",
        252 => "AXFR",
        255 => "ANY",
        256 => "URI",
        257 => "CAA",
        _ => return format!("TYPE{kind}").into(),
    };
    name.into()
}

/// The name of a response code (IANA), or `RCODE12`.
#[must_use]
pub fn rcode_name(rcode: u16) -> Cow<'static, str> {
    const NAMES: [&str; 12] = [
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE",
        "DSOTYPENI",
    ];
    match rcode {
        16 => "BADVERS".into(),
        23 => "BADCOOKIE".into(),
        _ => NAMES
            .get(usize::from(rcode))
            .map_or_else(|| format!("RCODE{rcode}").into(), |name| (*name).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_types_have_their_names() {
        let names = [11, 29, 39, 44, 52].map(kind_name);
        assert_eq!(names, ["WKS", "LOC", "DNAME", "SSHFP", "TLSA"]);
    }

    #[test]
    fn numbers_without_a_name_show_themselves() {
        assert_eq!(
            (kind_name(33), kind_name(65280)),
            ("SRV".into(), "TYPE65280".into())
        );
        assert_eq!(
            (rcode_name(3), rcode_name(14)),
            ("NXDOMAIN".into(), "RCODE14".into())
        );
    }
}
