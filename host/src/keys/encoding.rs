//! Base64 for URLs, without padding (RFC 7515, section 2). One text stands for one sequence of bytes.

use base64ct::{Base64UrlUnpadded, Encoding};

pub(super) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes, if it is the one text that stands for them.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
    (encode(&bytes) == text).then_some(bytes)
}

/// So many bytes and no other number.
pub(super) fn decode_exact<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}
