//! Detached JSON Web Signatures in the compact form: `header..signature` (RFC 7515, appendix F).

use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

use super::encoding::{decode, decode_exact, encode};
use super::error::VerifyError;
use super::jwk::JwkSet;

const ALGORITHM: &str = "EdDSA";

/// What is signed. A signature of something else by the same key is none of a receipt.
const TYPE: &str = "concord-receipt+json";

/// The header. Anything more in it might have to be understood, and is not.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// The algorithm alone, which is told first.
#[derive(Deserialize)]
struct Algorithm {
    alg: String,
}

pub(super) fn sign(key: &SigningKey, id: &str, bytes: &[u8]) -> String {
    // Nothing in an id needs escaping: it is base64 for URLs.
    let header = encode(
        format!("{{\"alg\":\"{ALGORITHM}\",\"kid\":\"{id}\",\"typ\":\"{TYPE}\"}}").as_bytes(),
    );
    let signature = key.sign(input(&header, bytes).as_bytes());
    format!("{header}..{}", encode(&signature.to_bytes()))
}

/// Whether the signature is one of these bytes by one of these keys; if so, by which.
pub fn verify(bytes: &[u8], signature: &str, keys: &JwkSet) -> Result<String, VerifyError> {
    let malformed = |reason: &str| VerifyError::Malformed(reason.to_owned());
    let mut parts = signature.split('.');
    let (Some(header), Some(""), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("expected a detached signature, header..signature"));
    };
    let read = decode(header).ok_or_else(|| malformed("the header is not base64 for URLs"))?;
    let not_json =
        |error: serde_json::Error| VerifyError::Malformed(format!("its header: {error}"));
    let Algorithm { alg } = serde_json::from_slice(&read).map_err(not_json)?;
    if alg != ALGORITHM {
        return Err(VerifyError::OtherAlgorithm(alg));
    }
    let Header { kid, typ, .. } = serde_json::from_slice(&read).map_err(not_json)?;
    if typ != TYPE {
        return Err(VerifyError::Malformed(format!("found the type \"{typ}\", expected {TYPE}")));
    }
    let signature = decode_exact(signature)
        .ok_or_else(|| malformed("the signature is not 64 bytes in base64 for URLs"))?;
    let Some(key) = keys.find(&kid) else { return Err(VerifyError::UnknownKey(kid)) };
    // Strictly: no second signature can be made of one, and no weak key passes.
    match key.verify_strict(input(header, bytes).as_bytes(), &Signature::from_bytes(&signature)) {
        Ok(()) => Ok(kid),
        Err(_) => Err(VerifyError::BadSignature(kid)),
    }
}

/// What is signed: the header and the bytes, each in base64.
fn input(header: &str, bytes: &[u8]) -> String {
    format!("{header}.{}", encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_has_its_signature() {
        // RFC 8037, appendix A.4.
        let seed = decode_exact("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let header = encode(br#"{"alg":"EdDSA"}"#);
        let signed = input(&header, b"Example of Ed25519 signing");
        let signature = SigningKey::from_bytes(&seed).sign(signed.as_bytes());
        assert_eq!(
            encode(&signature.to_bytes()),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }
}
