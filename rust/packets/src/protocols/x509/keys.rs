//! Algorithms of keys and signatures (RFC 3279, 4055, 5480, 5758, 8410, 9881).

use super::der::{self, BIT_STRING, Der, INTEGER, OID, SEQUENCE};

const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const DSA: &str = "1.2.840.10040.4.1";

/// Curves and their bits, where the length of the point does not tell them.
const CURVES: [(&str, usize); 2] = [("1.3.132.0.35", 521), ("1.2.840.10045.3.1.7", 256)];

/// Keys of which the kind says all.
const PLAIN: [(&str, &str, usize); 7] = [
    ("1.3.101.110", "x25519", 256),
    ("1.3.101.111", "x448", 448),
    ("1.3.101.112", "ed25519", 256),
    ("1.3.101.113", "ed448", 448),
    ("2.16.840.1.101.3.4.3.17", "ml-dsa-44", 10_496),
    ("2.16.840.1.101.3.4.3.18", "ml-dsa-65", 15_616),
    ("2.16.840.1.101.3.4.3.19", "ml-dsa-87", 20_736),
];

const SIGNATURES: [(&str, &str); 27] = [
    ("1.2.840.113549.1.1.2", "md2-rsa"),
    ("1.2.840.113549.1.1.3", "md4-rsa"),
    ("1.2.840.113549.1.1.4", "md5-rsa"),
    ("1.2.840.113549.1.1.5", "sha1-rsa"),
    ("1.3.14.3.2.29", "sha1-rsa"),
    ("1.2.840.113549.1.1.14", "sha224-rsa"),
    ("1.2.840.113549.1.1.11", "sha256-rsa"),
    ("1.2.840.113549.1.1.12", "sha384-rsa"),
    ("1.2.840.113549.1.1.13", "sha512-rsa"),
    ("1.2.840.10045.4.1", "sha1-ecdsa"),
    ("1.2.840.10045.4.3.1", "sha224-ecdsa"),
    ("1.2.840.10045.4.3.2", "sha256-ecdsa"),
    ("1.2.840.10045.4.3.3", "sha384-ecdsa"),
    ("1.2.840.10045.4.3.4", "sha512-ecdsa"),
    ("1.2.840.10040.4.3", "sha1-dsa"),
    ("1.3.14.3.2.27", "sha1-dsa"),
    ("2.16.840.1.101.3.4.3.1", "sha224-dsa"),
    ("2.16.840.1.101.3.4.3.2", "sha256-dsa"),
    ("2.16.840.1.101.3.4.3.9", "sha3-224-ecdsa"),
    ("2.16.840.1.101.3.4.3.10", "sha3-256-ecdsa"),
    ("1.3.101.112", "ed25519"),
    ("1.3.101.113", "ed448"),
    ("2.16.840.1.101.3.4.3.17", "ml-dsa-44"),
    ("2.16.840.1.101.3.4.3.18", "ml-dsa-65"),
    ("2.16.840.1.101.3.4.3.19", "ml-dsa-87"),
    ("1.2.156.10197.1.501", "sm3-sm2"),
    ("1.2.643.7.1.1.3.2", "gost2012"),
];

/// Hashes that a signature of the PSS kind names in its parameters.
const HASHES: [(&str, &str); 4] = [
    ("2.16.840.1.101.3.4.2.1", "sha256"),
    ("2.16.840.1.101.3.4.2.2", "sha384"),
    ("2.16.840.1.101.3.4.2.3", "sha512"),
    ("2.16.840.1.101.3.4.2.4", "sha224"),
];

/// Type and bits of the key within a `SubjectPublicKeyInfo`.
pub fn read(mut info: Der<'_>) -> Option<(String, usize)> {
    let mut algorithm = info.within(SEQUENCE)?;
    let kind = der::oid(algorithm.of(OID)?);
    let key = info.of(BIT_STRING)?.get(1..)?;
    let told = |name: &str, bits| Some((name.to_owned(), bits));
    match kind.as_str() {
        RSA | RSA_PSS => told(
            "rsa",
            der::bits(Der::new(key).within(SEQUENCE)?.of(INTEGER)?),
        ),
        EC => told("ec", curve_bits(&mut algorithm, key)),
        DSA => {
            let parameters = algorithm.within(SEQUENCE);
            let prime = parameters.and_then(|mut numbers| numbers.of(INTEGER));
            told("dsa", der::bits(prime.unwrap_or_default()))
        }
        other => match PLAIN.iter().find(|(oid, ..)| *oid == other) {
            Some((_, name, bits)) => told(name, *bits),
            None => Some((kind, key.len().saturating_mul(8))),
        },
    }
}

/// The bits of a curve: of its name, or of a coordinate of the point (uncompressed: two of them behind a byte).
fn curve_bits(algorithm: &mut Der<'_>, point: &[u8]) -> usize {
    let curve = algorithm.of(OID).map(der::oid).unwrap_or_default();
    let known = CURVES.iter().find(|(oid, _)| *oid == curve);
    let coordinates = point.len().saturating_sub(1);
    let size = if point.first() == Some(&4) {
        coordinates / 2
    } else {
        coordinates
    };
    known.map_or(size.saturating_mul(8), |(_, bits)| *bits)
}

/// What the body of an `AlgorithmIdentifier` signs with.
#[must_use]
pub fn signature(algorithm: &[u8]) -> String {
    let mut parts = Der::new(algorithm);
    let kind = parts.of(OID).map(der::oid).unwrap_or_default();
    if kind == RSA_PSS {
        return format!("{}-rsa-pss", pss_hash(&mut parts).unwrap_or("sha1"));
    }
    let known = SIGNATURES.iter().find(|(oid, _)| *oid == kind);
    known.map_or(kind.clone(), |(_, name)| (*name).to_owned())
}

/// The hash in the parameters of RSASSA-PSS, which is SHA-1 where they name none (RFC 4055 section 3.1).
fn pss_hash(parts: &mut Der<'_>) -> Option<&'static str> {
    let mut hash = parts.within(SEQUENCE)?.within(0xa0)?.within(SEQUENCE)?;
    let kind = der::oid(hash.of(OID)?);
    let known = HASHES.iter().find(|(oid, _)| *oid == kind);
    known.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::super::tests::element;
    use super::*;

    fn key(algorithm: &[u8], key: &[u8]) -> (String, usize) {
        let info = [element(0x30, &[algorithm]), element(3, &[&[0], key])].concat();
        read(Der::new(&info)).unwrap()
    }

    #[test]
    fn kinds_and_bits_of_keys_are_told() {
        let p384 = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\0\x22";
        let point = [&[4][..], &[7; 96]].concat();
        assert_eq!(key(p384, &point), ("ec".to_owned(), 384));
        let p521 = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\0\x23";
        assert_eq!(key(p521, &[4; 133]), ("ec".to_owned(), 521));
        assert_eq!(
            key(b"\x06\x03\x2b\x65\x70", &[1; 32]),
            ("ed25519".to_owned(), 256)
        );
        assert_eq!(key(b"\x06\x02\x2a\x03", &[1; 4]), ("1.2.3".to_owned(), 32));
    }

    #[test]
    fn signatures_are_named() {
        assert_eq!(
            signature(b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
            "sha256-ecdsa"
        );
        let pss = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
        assert_eq!(signature(pss), "sha1-rsa-pss");
        let sha256 = element(
            0x30,
            &[b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\0"],
        );
        let parameters = element(0x30, &[&element(0xa0, &[&sha256])]);
        assert_eq!(
            signature(&[&pss[..], &parameters].concat()),
            "sha256-rsa-pss"
        );
        assert_eq!(signature(b"\x06\x02\x2a\x03"), "1.2.3");
    }
}
