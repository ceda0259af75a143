//! Keys as JSON Web Keys: octet key pairs of Ed25519 (RFC 8037).

use std::path::Path;

use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::encoding::{decode_exact, encode};
use super::error::KeysError;

const KEY_TYPE: &str = "OKP";
const CURVE: &str = "Ed25519";

/// The public half of a key. What else a set of other makers says of a key is left aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The type: `OKP`.
    pub kty: String,
    /// The curve: `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The public key, in base64 for URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The id; of the host's own keys, the thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// When it was made, of the host's own keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
}

/// A set of public keys (RFC 7517, section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys. Those of other types are passed over.
    pub keys: Vec<Jwk>,
}

/// A key with its private half.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrivateJwk {
    kty: String,
    crv: String,
    x: String,
    kid: String,
    created: Timestamp,
    d: String,
}

impl Jwk {
    /// The key, if it is one of Ed25519.
    pub(super) fn verifying_key(&self) -> Option<VerifyingKey> {
        let is_ours = self.kty == KEY_TYPE && self.crv.as_deref() == Some(CURVE);
        let bytes = decode_exact(self.x.as_deref().filter(|_| is_ours)?)?;
        VerifyingKey::from_bytes(&bytes).ok()
    }

    /// A key of this host, read from its file.
    pub(super) fn check(self, file: &Path) -> Result<Jwk, KeysError> {
        let id = self.verifying_key().map(|key| thumbprint(&key));
        if id.is_some() && id == self.kid {
            return Ok(self);
        }
        let reason = "found a key that is not one of Ed25519 under its own thumbprint".to_owned();
        Err(KeysError::Malformed { path: file.to_owned(), reason })
    }
}

impl JwkSet {
    /// The key of Ed25519 with this id.
    pub(super) fn find(&self, id: &str) -> Option<VerifyingKey> {
        let named = self.keys.iter().filter(|key| key.kid.as_deref() == Some(id));
        named.filter_map(Jwk::verifying_key).next()
    }
}

impl PrivateJwk {
    /// A new key, from the system's randomness.
    pub(super) fn generate(now: Timestamp) -> Result<PrivateJwk, KeysError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| KeysError::Random(error.to_string()))?;
        let key = SigningKey::from_bytes(&seed);
        Ok(PrivateJwk {
            kty: KEY_TYPE.to_owned(),
            crv: CURVE.to_owned(),
            x: encode(key.verifying_key().as_bytes()),
            kid: thumbprint(&key.verifying_key()),
            created: now,
            d: encode(&seed),
        })
    }

    /// The public half.
    pub(super) fn public(&self) -> Jwk {
        Jwk {
            kty: self.kty.clone(),
            crv: Some(self.crv.clone()),
            x: Some(self.x.clone()),
            kid: Some(self.kid.clone()),
            created: Some(self.created),
        }
    }

    /// The id and the key, which must fit together.
    pub(super) fn signing_key(self, file: &Path) -> Result<(String, SigningKey), KeysError> {
        let wrong = |reason: &str| KeysError::Malformed {
            path: file.to_owned(),
            reason: reason.to_owned(),
        };
        let public = self.public().check(file)?;
        let seed = decode_exact(&self.d).ok_or_else(|| wrong("found no private key in \"d\""))?;
        let key = SigningKey::from_bytes(&seed);
        if public.verifying_key() != Some(key.verifying_key()) {
            return Err(wrong("the private key in \"d\" is not that of the public key in \"x\""));
        }
        Ok((self.kid, key))
    }
}

/// The thumbprint of a key (RFC 7638): of the members that it must have, in their order.
fn thumbprint(key: &VerifyingKey) -> String {
    let x = encode(key.as_bytes());
    let members = format!("{{\"crv\":\"{CURVE}\",\"kty\":\"{KEY_TYPE}\",\"x\":\"{x}\"}}");
    encode(&Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 8037, appendix A.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    #[test]
    fn the_example_of_the_standard_has_its_thumbprint() {
        let key = SigningKey::from_bytes(&decode_exact(D).unwrap()).verifying_key();
        assert_eq!(encode(key.as_bytes()), X);
        assert_eq!(thumbprint(&key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn two_keys_are_never_the_same() {
        let made = || PrivateJwk::generate(Timestamp::UNIX_EPOCH).unwrap();
        assert_ne!(made().kid, made().kid);
    }
}
