//! `concord policy test`: what it says of promises.

use std::path::PathBuf;

use crate::support::concord::{Run, concord};
use crate::support::places;

/// A new policy, with another text in the place of its promises.
struct Made {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Made {
    fn promising(name: &str, promises: &str) -> Made {
        // Within the target folder, so that the settings are those of the policies that are built already.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (sdk, dir) = (places::root().join("plugins/sdk"), folder.path().to_str().unwrap());
        let run = concord(&[
            "policy",
            "new",
            name,
            "--kind",
            "selection",
            "--dir",
            dir,
            "--sdk",
            sdk.to_str().unwrap(),
        ]);
        assert_eq!(run.code, 0, "{run}");
        let path = folder.path().join(name);
        std::fs::copy(places::root().join("Cargo.lock"), path.join("Cargo.lock")).unwrap();
        let text = std::fs::read_to_string(path.join("policy.toml")).unwrap();
        let (before, _) = text.split_once("# Promises").unwrap();
        std::fs::write(path.join("policy.toml"), format!("{before}{promises}")).unwrap();
        Made { _folder: folder, path }
    }

    fn test(&self, more: &[&str]) -> Run {
        let target = places::policies_target();
        let path = self.path.to_str().unwrap();
        let arguments = ["policy", "test", path, "--target", target.to_str().unwrap()];
        concord(&[&arguments[..], more].concat())
    }
}

const FALSE: &str = "[promises.immaturity-never-hurts]
less = \"entry.maturity\"
text = { zh-Hans = \"不成熟也无妨\", zh-Hant = \"不成熟也無妨\", en = \"A lower readiness level never hurts\" }
";

#[test]
fn a_broken_promise_fails_and_its_smallest_case_is_printed() {
    let made = Made::promising("a-false-promise", FALSE);
    let run = made.test(&[]);
    assert_eq!(run.code, 1, "{run}");
    insta::assert_snapshot!(run.stdout);
    assert_eq!(made.test(&[]).stdout, run.stdout);

    let run = made.test(&["--json", "--seed", "3", "--cases", "64"]);
    assert_eq!(run.code, 1, "{run}");
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let promise = &said["promises"][0];
    assert_eq!((&said["passed"], &promise["passed"]), (&false.into(), &false.into()));
    assert_eq!(promise["promise"], "immaturity-never-hurts");
    let broken = &promise["counterexample"];
    let maturity = |side: &str| broken[side]["case"]["entry"]["maturity"].as_i64().unwrap();
    assert!(maturity("before") > maturity("after"), "{broken}");
    assert_eq!(broken["before"]["outcome"], "eligible");
}

#[test]
fn a_policy_that_promises_nothing_is_told_so_and_fails_where_nothing_may_be_open() {
    let made = Made::promising("no-promise", "");
    let run = made.test(&[]);
    assert_eq!(run.code, 0, "{run}");
    let said = "policy.toml, line 1: it promises nothing: add [promises.ID], a property that holds";
    assert!(run.stdout.contains(said), "{run}");
    let run = made.test(&["--strict"]);
    assert_eq!(run.code, 1, "{run}");
}

#[test]
fn no_case_at_all_is_wrong_usage() {
    let run = concord(&["policy", "test", "plugins/guangzhou-core-tech", "--cases", "0"]);
    assert_eq!(run.code, 2, "{run}");
}
