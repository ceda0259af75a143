//! JSON Web Signatures in the compact form, `header.payload.signature` (RFC 7515). What is signed is a list of digests:
//! of the receipts that were recorded together.

use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

use super::encoding::{decode, decode_exact, encode};
use super::error::VerifyError;
use super::jwk::JwkSet;

const ALGORITHM: &str = "EdDSA";

/// What is signed: a JSON array of digests of receipts. What else the same key may sign has another type.
const TYPE: &str = "concord-receipts+json";

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

/// Signs digests. They are of lower-case letters, digits and colons, so that nothing in them needs escaping.
pub(super) fn sign(key: &SigningKey, id: &str, digests: &[&str]) -> String {
    // Nor does anything in an id: it is base64 for URLs.
    let header = encode(
        format!("{{\"alg\":\"{ALGORITHM}\",\"kid\":\"{id}\",\"typ\":\"{TYPE}\"}}").as_bytes(),
    );
    compact(key, &header, format!("[\"{}\"]", digests.join("\",\"")).as_bytes())
}

fn compact(key: &SigningKey, header: &str, payload: &[u8]) -> String {
    let input = format!("{header}.{}", encode(payload));
    let signature = key.sign(input.as_bytes());
    format!("{input}.{}", encode(&signature.to_bytes()))
}

/// Whether the signature is one of this digest, among others, by one of these keys; if so, by which.
pub fn verify(digest: &str, signature: &str, keys: &JwkSet) -> Result<String, VerifyError> {
    let malformed = |reason: &str| VerifyError::Malformed(reason.to_owned());
    let not_json = |what: &str, error: serde_json::Error| {
        VerifyError::Malformed(format!("its {what}: {error}"))
    };
    let mut parts = signature.split('.');
    let (Some(header), Some(payload), Some(bytes), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("expected a signature in three parts, header.payload.signature"));
    };
    let read = decode(header).ok_or_else(|| malformed("the header is not base64 for URLs"))?;
    let Algorithm { alg } =
        serde_json::from_slice(&read).map_err(|error| not_json("header", error))?;
    if alg != ALGORITHM {
        return Err(VerifyError::OtherAlgorithm(alg));
    }
    let Header { kid, typ, .. } =
        serde_json::from_slice(&read).map_err(|error| not_json("header", error))?;
    if typ != TYPE {
        return Err(VerifyError::Malformed(format!("found the type \"{typ}\", expected {TYPE}")));
    }
    let bytes = decode_exact(bytes)
        .ok_or_else(|| malformed("the signature is not 64 bytes in base64 for URLs"))?;
    let Some(key) = keys.find(&kid) else { return Err(VerifyError::UnknownKey(kid)) };
    let input = signature.get(..header.len() + 1 + payload.len()).unwrap_or_default();
    // Strictly: no second signature can be made of one, and no weak key passes.
    if key.verify_strict(input.as_bytes(), &Signature::from_bytes(&bytes)).is_err() {
        return Err(VerifyError::BadSignature(kid));
    }
    let payload = decode(payload).ok_or_else(|| malformed("the payload is not base64 for URLs"))?;
    let digests: Vec<String> =
        serde_json::from_slice(&payload).map_err(|error| not_json("payload", error))?;
    if digests.iter().any(|signed| signed == digest) {
        Ok(kid)
    } else {
        Err(VerifyError::OtherReceipts(kid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_has_its_signature() {
        // RFC 8037, appendix A.4.
        let seed = decode_exact("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let header = encode(br#"{"alg":"EdDSA"}"#);
        let signed =
            compact(&SigningKey::from_bytes(&seed), &header, b"Example of Ed25519 signing");
        assert_eq!(
            signed,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
             hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }
}
