//! The keys that receipts are signed with.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use concord::keys::{JwkSet, Keys, KeysError, VerifyError, public, verify};
use jiff::Timestamp;

const DIGEST: &str = "sha256:0193";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn a_key_is_made_once_for_its_owner_alone() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("data/keys");
    let made = Keys::open(&folder, at(0)).unwrap();
    let again = Keys::open(&folder, at(1)).unwrap();
    assert_eq!(made.id(), again.id());
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("private.jwk")), 0o600);
    assert_eq!(mode(&folder.join("public").join(format!("{}.jwk", made.id()))), 0o644);
    let left: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn many_who_begin_at_once_have_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let open = || Keys::open(&folder, at(0)).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    });
    let keys = Keys::open(&folder, at(1)).unwrap();
    assert_eq!(keys.public().keys.len(), 1);
    assert_eq!(verify(DIGEST, &keys.sign(&[DIGEST]), keys.public()), Ok(keys.id().to_owned()));
}

#[test]
fn what_is_signed_verifies_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::open(&folder.path().join("keys"), at(0)).unwrap();
    let (signature, id) = (keys.sign(&[DIGEST]), keys.id().to_owned());
    assert_eq!(verify(DIGEST, &signature, keys.public()), Ok(id.clone()));
    let other = Err(VerifyError::OtherReceipts(id.clone()));
    assert_eq!(verify("sha256:0194", &signature, keys.public()), other);
    let bad = Err(VerifyError::BadSignature(id.clone()));
    let part = |signature: &str, at: usize| signature.split('.').nth(at).unwrap().to_owned();
    let others = keys.sign(&["sha256:0194", DIGEST]);
    let mixed = format!("{}.{}.{}", part(&others, 0), part(&others, 1), part(&signature, 2));
    assert_eq!(verify(DIGEST, &mixed, keys.public()), bad);
    assert_eq!(verify(DIGEST, &others, keys.public()), Ok(id.clone()));
    assert_eq!(verify("sha256:0194", &others, keys.public()), Ok(id.clone()));
    let nobody = JwkSet::default();
    assert_eq!(verify(DIGEST, &signature, &nobody), Err(VerifyError::UnknownKey(id)));
}

#[test]
fn no_other_algorithm_and_no_other_form_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::open(&folder.path().join("keys"), at(0)).unwrap();
    let signature = keys.sign(&[DIGEST]);
    let (_, signed) = signature.split_once('.').unwrap();
    // {"alg":"none"} and {"alg":"HS256","kid":"a","typ":"JWT"}.
    for (header, alg) in [
        ("eyJhbGciOiJub25lIn0", "none"),
        ("eyJhbGciOiJIUzI1NiIsImtpZCI6ImEiLCJ0eXAiOiJKV1QifQ", "HS256"),
    ] {
        let forged = format!("{header}.{signed}");
        let other = Err(VerifyError::OtherAlgorithm(alg.to_owned()));
        assert_eq!(verify(DIGEST, &forged, keys.public()), other);
    }
    let wrong = [
        String::new(),
        "..".to_owned(),
        signed.to_owned(),
        format!("e30.{signature}"),
        format!("{signature}A"),
        format!("{signature}="),
        // {"alg":"EdDSA","kid":"a","typ":"concord-receipts+json","crit":["b64"],"b64":false}
        format!(
            "eyJhbGciOiJFZERTQSIsImtpZCI6ImEiLCJ0eXAiOiJjb25jb3JkLXJlY2VpcHRzK2pzb24iLCJjcml0IjpbImI2NCJdLCJiNjQiOmZhbHNlfQ.{signed}"
        ),
        // {"alg":"EdDSA","kid":"a","typ":"JWT"}
        format!("eyJhbGciOiJFZERTQSIsImtpZCI6ImEiLCJ0eXAiOiJKV1QifQ.{signed}"),
    ];
    for signature in wrong {
        let error = verify(DIGEST, &signature, keys.public()).unwrap_err();
        assert!(matches!(error, VerifyError::Malformed(_)), "{signature}: {error}");
    }
}

#[test]
fn what_a_rotated_key_signed_still_verifies_and_its_private_half_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let old = Keys::open(&folder, at(0)).unwrap();
    let private = std::fs::read_to_string(folder.join("private.jwk")).unwrap();
    let secret: serde_json::Value = serde_json::from_str(&private).unwrap();
    let new = Keys::rotate(&folder, at(1)).unwrap();
    assert_ne!(old.id(), new.id());
    assert_eq!(Keys::open(&folder, at(2)).unwrap().id(), new.id());
    let ids: Vec<_> = new.public().keys.iter().map(|key| key.kid.as_deref().unwrap()).collect();
    assert_eq!(ids, [new.id(), old.id()]);
    assert_eq!(verify(DIGEST, &old.sign(&[DIGEST]), new.public()), Ok(old.id().to_owned()));
    assert_eq!(verify(DIGEST, &new.sign(&[DIGEST]), new.public()), Ok(new.id().to_owned()));
    assert_eq!(public(&folder).unwrap(), *new.public());
    for file in
        [folder.join("private.jwk"), folder.join("public").join(format!("{}.jwk", old.id()))]
    {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(!text.contains(secret["d"].as_str().unwrap()));
    }
    assert!(!serde_json::to_string(new.public()).unwrap().contains("\"d\""));
}

#[test]
fn a_private_key_that_others_may_read_is_refused_with_what_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    Keys::open(&folder, at(0)).unwrap();
    let file = folder.join("private.jwk");
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for mode in [0o640, 0o604, 0o644, 0o660] {
        set(&file, mode);
        let error = Keys::open(&folder, at(1)).unwrap_err();
        assert!(
            error.to_string().contains(&format!("run `chmod 600 {}`", file.display())),
            "{error}"
        );
        assert!(Keys::rotate(&folder, at(1)).is_err());
    }
    set(&file, 0o600);
    set(&folder, 0o770);
    let error = Keys::open(&folder, at(1)).unwrap_err();
    assert!(
        error.to_string().contains(&format!("run `chmod 700 {}`", folder.display())),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let keys = Keys::open(&folder, at(0)).unwrap();
    let file = folder.join("private.jwk");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut other: serde_json::Value = serde_json::from_str(&text).unwrap();
    other["d"] = "A".repeat(43).into();
    for wrong in ["", "{}", &text.replace(keys.id(), "me"), &other.to_string()] {
        std::fs::write(&file, wrong).unwrap();
        let error = Keys::open(&folder, at(1)).unwrap_err();
        assert!(matches!(error, KeysError::Malformed { .. }), "{error}");
        assert!(error.to_string().starts_with(&file.display().to_string()), "{error}");
    }
}
