//! Compiled policies on disk: a file that is not exactly what it should be is not used.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use concord::engine::{Engine, Limits};
use rstest::rstest;
use sha2::{Digest, Sha256};

use crate::support::guests;
use crate::support::host::Host;

/// A host that keeps compiled policies in the folder.
fn host(folder: &Path) -> Host {
    Host::with_cache(
        Limits { concurrent: 4, ..Limits::default() },
        [guests::OBEDIENT],
        Some(folder),
    )
}

/// A folder with the compiled policies of [`host`], by size, the smaller first.
fn filled() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    host(folder.path()).assert_the_next_check_is_right();
    let files = compiled(folder.path());
    assert_eq!(files.len(), 2);
    (folder, files)
}

fn compiled(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.collect();
    files.sort_by_key(|file| std::fs::metadata(file).unwrap().len());
    files
}

/// What tells whether a file was written anew.
fn identity(files: &[PathBuf]) -> Vec<(u64, i64, i64)> {
    let metadata = files.iter().map(|file| std::fs::metadata(file).unwrap());
    metadata.map(|one| (one.ino(), one.mtime(), one.mtime_nsec())).collect()
}

/// A file's parts: what it must have been made of, and the code.
fn unsealed(file: &Path) -> ([u8; 32], Vec<u8>) {
    let bytes = std::fs::read(file).unwrap();
    (bytes[16..48].try_into().unwrap(), bytes[80..].to_vec())
}

/// A file as the host writes it, with a right seal, whatever is in it.
fn sealed(key: &[u8; 32], code: &[u8]) -> Vec<u8> {
    let digest = Sha256::new().chain_update(key).chain_update(code).finalize();
    [b"concord cache 1\n".as_slice(), key, &digest, code].concat()
}

#[test]
fn a_good_file_is_used_and_not_written_again() {
    let (folder, files) = filled();
    let before = identity(&files);
    host(folder.path()).assert_the_next_check_is_right();
    assert_eq!(compiled(folder.path()), files);
    assert_eq!(identity(&files), before);
}

#[test]
fn what_stands_in_a_file_with_a_right_seal_is_what_runs() {
    let (folder, files) = filled();
    let (key, _) = unsealed(&files[1]);
    let (_, obedient) = unsealed(&files[0]);
    std::fs::write(&files[1], sealed(&key, &obedient)).unwrap();
    // The real policy has become the obedient guest: so the file was used, and nothing was compiled.
    let host = host(folder.path());
    assert_ne!(host.differences(), Vec::<String>::new());
}

#[rstest]
#[case::empty(|_: &[u8]| Vec::new())]
#[case::cut_off_in_the_seal(|file: &[u8]| file[..60].to_vec())]
#[case::cut_off_in_the_code(|file: &[u8]| file[..file.len() / 2].to_vec())]
#[case::cut_off_by_one(|file: &[u8]| file[..file.len() - 1].to_vec())]
#[case::longer_by_one(|file: &[u8]| [file, &[0]].concat())]
#[case::flipped_in_the_magic(|file: &[u8]| flipped(file, 3))]
#[case::flipped_in_the_key(|file: &[u8]| flipped(file, 20))]
#[case::flipped_in_the_digest(|file: &[u8]| flipped(file, 50))]
#[case::flipped_in_the_first_byte_of_code(|file: &[u8]| flipped(file, 80))]
#[case::flipped_in_the_middle(|file: &[u8]| flipped(file, file.len() / 2))]
#[case::flipped_in_the_last_byte(|file: &[u8]| flipped(file, file.len() - 1))]
fn a_damaged_file_is_compiled_anew(#[case] damage: fn(&[u8]) -> Vec<u8>) {
    let (folder, files) = filled();
    let whole = std::fs::read(&files[1]).unwrap();
    std::fs::write(&files[1], damage(&whole)).unwrap();
    let damaged = identity(&files);
    host(folder.path()).assert_the_next_check_is_right();
    assert_ne!(identity(&files)[1], damaged[1], "the file was not replaced");
    assert_eq!(identity(&files)[0], damaged[0], "the other file was replaced too");
}

fn flipped(file: &[u8], at: usize) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at] ^= 1;
    file
}

#[test]
fn another_policys_file_under_this_ones_name_is_compiled_anew() {
    let (folder, files) = filled();
    std::fs::copy(&files[0], &files[1]).unwrap();
    host(folder.path()).assert_the_next_check_is_right();
    assert_ne!(std::fs::read(&files[0]).unwrap(), std::fs::read(&files[1]).unwrap());
}

#[rstest]
#[case::without_fuel(|config: &mut wasmtime::Config| { config.epoch_interruption(true); })]
#[case::without_deadline(|config: &mut wasmtime::Config| { config.consume_fuel(true); })]
fn code_of_an_engine_with_other_settings_is_compiled_anew(
    #[case] set_up: fn(&mut wasmtime::Config),
) {
    let (folder, files) = filled();
    let mut config = wasmtime::Config::new();
    config.wasm_component_model(true);
    set_up(&mut config);
    let other = wasmtime::Engine::new(&config).unwrap();
    let code = other.precompile_component(&guests::OBEDIENT.component()).unwrap();
    let (key, _) = unsealed(&files[0]);
    std::fs::write(&files[0], sealed(&key, &code)).unwrap();
    let forged = identity(&files);
    let host = host(folder.path());
    assert!(host.ruling(guests::OBEDIENT).report.failure.is_none());
    assert_ne!(identity(&files)[0], forged[0], "the file was not replaced");
}

#[rstest]
#[case::the_group(0o770)]
#[case::everybody(0o707)]
fn a_folder_that_others_may_write_to_is_not_used(#[case] mode: u32) {
    let (folder, files) = filled();
    std::fs::write(&files[1], b"").unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    let before = identity(&files);
    host(folder.path()).assert_the_next_check_is_right();
    assert_eq!(identity(&files), before);
}

#[test]
fn a_folder_that_cannot_be_made_is_done_without() {
    let file = tempfile::NamedTempFile::new().unwrap();
    host(&file.path().join("below-a-file")).assert_the_next_check_is_right();
}

#[test]
fn a_component_that_is_refused_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let engine =
        Engine::new(Limits { concurrent: 1, ..Limits::default() }, Some(folder.path().into()));
    let engine = engine.unwrap();
    assert!(engine.load(&guests::OBEDIENT.recipe().core_module()).is_err());
    assert!(engine.load(b"").is_err());
    assert!(compiled(folder.path()).is_empty());
}
