//! `concord receipt`: what holds exits with 0, what does not with 1, what cannot be read with 2.

use std::path::PathBuf;

use concord::decide::receipt::Signed;
use concord::domain::digest::sha256;
use concord::keys::Keys;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::concord::{CONFIG, Run, concord, concord_reading, filters};
use crate::support::places;
use crate::support::receipts::{changed, three};

/// Three signed receipts that follow each other, in a folder with the keys.
struct Bundle {
    folder: tempfile::TempDir,
    keys: Keys,
    documents: Vec<Signed>,
}

impl Bundle {
    fn make() -> Bundle {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-11-01T04:00:00Z".parse().unwrap();
        let keys = Keys::open(&folder.path().join("keys"), now).unwrap();
        let jwks = serde_json::to_string(keys.public()).unwrap();
        std::fs::write(folder.path().join("jwks.json"), jwks).unwrap();
        let sign = |body: String| {
            let signature = keys.sign(&[&sha256(body.as_bytes())]);
            Signed { body, signature }
        };
        let documents = three().into_iter().map(|receipt| sign(receipt.body)).collect();
        Bundle { folder, keys, documents }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lines(&self) -> String {
        self.documents.iter().map(Signed::text).collect::<Vec<_>>().join("\n")
    }

    /// Verifies what is given on standard input.
    fn verify(&self, text: &str, more: &[&str]) -> Run {
        let keys = self.file("jwks.json");
        let fixed = ["receipt", "verify", "-", "--keys", keys.to_str().unwrap()];
        concord_reading(&[&fixed, more].concat(), text)
    }
}

fn replay(text: &str, more: &[&str]) -> Run {
    let config = CONFIG.file();
    let fixed = ["receipt", "replay", "-", "--config", config.to_str().unwrap()];
    concord_reading(&[&fixed, more].concat(), text)
}

#[test]
fn receipts_that_hold_exit_with_0() {
    let _filters = filters();
    let bundle = Bundle::make();
    let run = bundle.verify(&bundle.lines(), &[]);
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(run.to_string());
    let report: Value =
        serde_json::from_str(&bundle.verify(&bundle.lines(), &["--json"]).stdout).unwrap();
    assert_eq!((&report["holds"], &report["receipts"][2]["number"]), (&json!(true), &json!(3)));
    assert_eq!(report["receipts"][0]["key"], bundle.keys.id());
}

#[test]
fn receipts_are_read_from_several_files_and_alone() {
    let bundle = Bundle::make();
    let mut arguments = vec!["receipt".to_owned(), "verify".to_owned()];
    for (at, document) in bundle.documents.iter().enumerate() {
        let file = bundle.file(&format!("{at}.json"));
        std::fs::write(&file, document.text()).unwrap();
        arguments.push(file.display().to_string());
    }
    arguments.extend(["--keys".to_owned(), bundle.file("jwks.json").display().to_string()]);
    assert_eq!(concord(&arguments).code, 0);
    assert_eq!(bundle.verify(&bundle.documents[1].text(), &[]).code, 0);
}

#[test]
fn one_that_was_taken_out_shows_as_a_gap() {
    let _filters = filters();
    let mut bundle = Bundle::make();
    bundle.documents.remove(1);
    let run = bundle.verify(&bundle.lines(), &[]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.to_string());
}

#[rstest]
#[case::a_value("/rulings/0/reads/2/value", json!("hongkong"))]
#[case::the_truth_of_a_clause("/rulings/0/clauses/0/truth", json!("unmet"))]
#[case::the_outcome("/outcome", json!("undetermined"))]
#[case::the_digest_of_a_component("/rulings/0/digest", json!("sha256:00"))]
#[case::the_number("/number", json!(4))]
#[case::the_one_before("/previous", json!("sha256:00"))]
fn what_was_changed_afterwards_is_found(#[case] pointer: &str, #[case] value: Value) {
    let mut bundle = Bundle::make();
    bundle.documents[1].body = changed(&bundle.documents[1].body, pointer, value.clone());
    let run = bundle.verify(&bundle.lines(), &["--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &report["receipts"][1]["holds"]), (1, &json!(false)), "{run}");
    let fault = report["receipts"][1]["faults"][0].as_str().unwrap();
    assert!(fault.ends_with("it is of others, or the receipt was changed"), "{fault}");
    // Whoever has the key may sign what was changed; then the next one no longer follows.
    let digest = sha256(bundle.documents[1].body.as_bytes());
    bundle.documents[1].signature = bundle.keys.sign(&[&digest]);
    let run = bundle.verify(&bundle.lines(), &["--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &report["receipts"][1]["holds"]), (1, &json!(true)), "{run}");
    assert!(!report["slips"].as_array().unwrap().is_empty(), "{run}");
}

#[test]
fn a_signature_of_another_receipt_or_by_another_key_is_found() {
    let mut bundle = Bundle::make();
    let other = Bundle::make();
    assert_eq!(other.verify(&bundle.lines(), &[]).code, 1);
    let first = bundle.documents[0].signature.clone();
    bundle.documents[1].signature = first;
    assert_eq!(bundle.verify(&bundle.lines(), &[]).code, 1);
}

#[test]
fn receipts_that_were_recorded_together_have_one_signature() {
    let mut bundle = Bundle::make();
    let digests: Vec<_> =
        bundle.documents.iter().map(|document| sha256(document.body.as_bytes())).collect();
    let digests: Vec<_> = digests.iter().map(String::as_str).collect();
    let signature = bundle.keys.sign(&digests);
    bundle.documents.iter_mut().for_each(|document| document.signature.clone_from(&signature));
    let run = bundle.verify(&bundle.lines(), &[]);
    assert_eq!(run.code, 0, "{run}");
}

#[rstest]
#[case::nothing("")]
#[case::not_json("receipt")]
#[case::no_signature("{\"receipt\":{}}")]
#[case::something_more("{\"receipt\":{},\"signature\":\"a..b\",\"note\":1}")]
#[case::a_fraction("{\"receipt\":{\"number\":1.5},\"signature\":\"a..b\"}")]
#[case::a_key_twice("{\"receipt\":{\"a\":1,\"a\":2},\"signature\":\"a..b\"}")]
fn what_is_no_signed_receipt_exits_with_2(#[case] text: &str) {
    let run = Bundle::make().verify(text, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.starts_with("error: - cannot be read\n  because: "), "{run}");
    assert_eq!(replay(text, &[]).code, 2);
}

#[test]
fn without_keys_it_says_where_it_looked() {
    let config = CONFIG.file();
    let run =
        concord_reading(&["receipt", "verify", "-", "--config", config.to_str().unwrap()], "");
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: there is no key in "), "{run}");
}

#[test]
fn a_replay_to_the_same_bytes_exits_with_0() {
    let _filters = filters();
    let bundle = Bundle::make();
    let run = replay(&bundle.documents[0].text(), &[]);
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(run.to_string());
    let json =
        replay(&bundle.lines(), &["--json", "--policies", places::policies().to_str().unwrap()]);
    let rows: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[2]["result"]), (3, &json!("same")));
}

#[test]
fn another_result_exits_with_1_and_says_where_it_differs() {
    let _filters = filters();
    let mut bundle = Bundle::make();
    let body = &mut bundle.documents[0].body;
    *body = changed(body, "/rulings/0/clauses/0/truth", json!("unmet"));
    let run = replay(&bundle.documents[0].text(), &[]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.to_string());
}

#[test]
fn a_component_that_is_not_in_the_folder_exits_with_2() {
    let _filters = filters();
    let bundle = Bundle::make();
    let empty = bundle.file("keys");
    let run = replay(&bundle.documents[0].text(), &["--policies", empty.to_str().unwrap()]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.to_string());
}
