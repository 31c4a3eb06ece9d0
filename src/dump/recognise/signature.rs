//! What a file is by its first bytes, where it is no text at all.

/// How a SQLite database begins. Source: the documentation of its file format.
pub(in crate::dump) const SQLITE: &[u8] = b"SQLite format 3\0";

/// How an old Office document begins, such as a workbook of Excel 2003. Source: [MS-CFB].
pub(in crate::dump) const OLD_OFFICE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What a file is that holds nothing of a tenant, whatever its name says, and what to bring instead: told by its first bytes.
///
/// Sources: the specifications of the formats, each of which begins with a signature.
pub(in crate::dump) fn no_export(head: &[u8]) -> Option<&'static str> {
    let begins = |signature: &[u8]| head.starts_with(signature);
    if begins(b"\x89PNG\r\n\x1a\n")
        || begins(b"\xFF\xD8\xFF")
        || begins(b"GIF8")
        || begins(b"BM") && head.get(6..10) == Some(&[0; 4][..])
    {
        return Some("a picture, which holds no objects (bring the export itself, as text: JSON or CSV)");
    }
    begins(b"%PDF-").then_some("a PDF file, which holds no objects (bring the export itself, as text: JSON or CSV)")
}
