//! Containers that hold files of many kinds: ZIP archives and RIFF.

use crate::protocols::text::find;

/// What a ZIP archive is, by the names of its first members.
pub(super) fn zip(head: &[u8]) -> Option<&'static str> {
    const MEMBERS: [(&[u8], &str); 8] = [
        (
            b"AndroidManifest.xml",
            "application/vnd.android.package-archive",
        ),
        (b"META-INF/", "application/java-archive"),
        (
            b"word/",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"xl/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"ppt/",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            b"[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument",
        ),
        (b"mimetypeapplication/epub", "application/epub+zip"),
        (
            b"mimetypeapplication/vnd.oasis",
            "application/vnd.oasis.opendocument",
        ),
    ];
    head.strip_prefix(b"PK")?;
    let begins = [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08"];
    begins.iter().find(|mark| head.starts_with(mark))?;
    let member = MEMBERS.iter().find(|(name, _)| find(head, name).is_some());
    Some(member.map_or("application/zip", |found| found.1))
}

pub(super) fn riff(head: &[u8]) -> Option<&'static str> {
    head.strip_prefix(b"RIFF")?;
    match head.get(8..12)? {
        b"WEBP" => Some("image/webp"),
        b"WAVE" => Some("audio/wav"),
        b"AVI " => Some("video/x-msvideo"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::protocols::magic::kind;

    #[test]
    fn archives_tell_what_they_hold() {
        let of = |name: &[u8]| kind(&[b"PK\x03\x04", &[0; 26][..], name].concat());
        assert_eq!(of(b"a.txt"), "application/zip");
        assert_eq!(of(b"META-INF/MANIFEST.MF"), "application/java-archive");
        assert_eq!(
            of(b"AndroidManifest.xml"),
            "application/vnd.android.package-archive"
        );
        let mut tar = vec![b'a'; 300];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(kind(&tar), "application/x-tar");
    }
}
