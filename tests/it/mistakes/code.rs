//! What the SDK's macro and types turn into compile errors, with the line.

use std::path::Path;
use std::process::Command;

use crate::support::places;

/// Says of each piece of code what the compiler says of it. One crate, checked again and again: its
/// dependencies are built once.
struct Bureau {
    folder: tempfile::TempDir,
}

const MANIFEST: &str = include_str!("../../../plugins/guangzhou-core-tech/policy.toml");
const CODE: &str = include_str!("../../../plugins/guangzhou-core-tech/src/lib.rs");

impl Bureau {
    fn new() -> Bureau {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let sdk = places::root().join("plugins/sdk");
        let cargo = format!(
            "[package]\nname = \"checked\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nconcord-policy = {{ path = \"{}\" }}\n",
            sdk.display()
        );
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("Cargo.toml"), cargo).unwrap();
        // The same versions as everywhere, and nothing to ask a registry for.
        std::fs::copy(places::root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
        Bureau { folder }
    }

    /// What the compiler says, in the style of `src/lib.rs:3:14: error: …`.
    fn says(&self, manifest: &str, code: &str) -> Vec<String> {
        let write = |file: &str, text: &str| {
            std::fs::write(self.folder.path().join(file), text).unwrap();
        };
        write("policy.toml", manifest);
        write("src/lib.rs", code);
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline", "--message-format=short", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("../sdk-check"))
            .current_dir(self.folder.path())
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let said: Vec<_> =
            text.lines().filter(|line| line.starts_with("src/")).map(str::to_owned).collect();
        // Whatever else goes wrong is no answer.
        assert_eq!(output.status.success(), said.is_empty(), "{text}");
        said
    }
}

/// The text with a piece replaced, and the line of that piece, from 1.
fn changed(text: &str, from: &str, to: &str) -> (String, usize) {
    let at = text.find(from).unwrap();
    (text.replacen(from, to, 1), text[..at].matches('\n').count() + 1)
}

#[test]
fn a_policy_that_does_not_fit_its_policy_toml_does_not_compile_and_the_error_names_the_line() {
    let bureau = Bureau::new();
    assert_eq!(bureau.says(MANIFEST, CODE), Vec::<String>::new());

    let (misspelt, line) = changed(CODE, "project.sector()", "project.sectr()");
    let said = bureau.says(MANIFEST, &misspelt).join("\n");
    assert!(said.contains(&format!("src/lib.rs:{line}:")), "{said}");
    assert!(said.contains("no method named `sectr` found for struct `Project`"), "{said}");

    let (other_type, line) = changed(CODE, "p.min_years_registered()", "p.cap()");
    let said = bureau.says(MANIFEST, &other_type).join("\n");
    assert!(said.contains(&format!("src/lib.rs:{line}:")), "{said}");
    assert!(said.contains("mismatched types: expected `i64`, found `Money`"), "{said}");

    // No line of code is wrong here: the one that brings policy.toml in is named.
    let line = CODE.lines().position(|line| line.contains("policy!(")).unwrap() + 1;
    let (unreported, _) = changed(CODE, "ruling.clause(Clause::WithinCap,", "let _ = (0,");
    let said = bureau.says(MANIFEST, &unreported).join("\n");
    assert!(said.contains(&format!("src/lib.rs:{line}:")), "{said}");
    assert!(said.contains("associated constant `WithinCap` is never used"), "{said}");

    let (untranslated, line) = changed(MANIFEST, ", zh-Hant = \"技術成熟度等級\"", "");
    let said = bureau.says(&untranslated, CODE).join("\n");
    assert!(said.contains(&format!("policy.toml, line {line}: missing field `zh-Hant`")), "{said}");
}
