//! Long texts that are much alike, such as the receipts of one program: each is kept as what sets it apart from a
//! pattern, an earlier one of its kind.

use std::collections::{HashMap, VecDeque};

use rusqlite::{Row, Transaction, params};
use zstd_safe::{CCtx, CDict, DCtx, compress_bound, create_cdict, get_frame_content_size};

use super::queue::failed;
use crate::store::{Source, StoreError};

/// How many patterns of a kind are tried.
const TRIED: u32 = 4;
/// A text whose rest is more than one part in so many becomes a pattern itself.
const WORTH: usize = 4;
/// The longest text that is taken.
const LONGEST: usize = 64 << 20;
/// A longer text goes by nothing: it is like itself, and would be a large pattern.
const LONG: usize = 32 << 10;
/// Below nought Zstandard looks less far for what is alike; of texts that are so much alike it still finds nearly all.
const LEVEL: i32 = -1;

/// A text as it is kept.
pub(super) struct Packed {
    /// The pattern's number.
    pub(super) pattern: i64,
    /// What sets it apart: a frame of Zstandard (RFC 8878) with the pattern as its dictionary.
    pub(super) rest: Vec<u8>,
}

/// The patterns that are in use.
#[derive(Default)]
pub(super) struct Patterns {
    kinds: HashMap<String, VecDeque<Pattern>>,
    packer: Packer,
}

struct Pattern {
    number: i64,
    dictionary: CDict<'static>,
}

struct Packer(CCtx<'static>);

impl Default for Packer {
    fn default() -> Packer {
        Packer(CCtx::create())
    }
}

impl Patterns {
    /// Packs a text. One that is like none before becomes a pattern.
    pub(super) fn pack(
        &mut self,
        transaction: &Transaction<'_>,
        kind: &str,
        text: &str,
    ) -> Result<Packed, StoreError> {
        if text.len() > LONGEST {
            return Err(failed(format!(
                "a text of {} bytes, expected at most {LONGEST}",
                text.len()
            )));
        }
        let long = text.len() > LONG;
        let kind = if long { "long" } else { kind };
        let Patterns { kinds, packer } = self;
        if !kinds.contains_key(kind) {
            kinds.insert(kind.to_owned(), newest(transaction, kind)?);
        }
        let patterns = kinds.entry(kind.to_owned()).or_default();
        for at in 0..patterns.len() {
            let Some(pattern) = patterns.get(at) else { break };
            let packed = packer.pack(text, pattern)?;
            if long || packed.rest.len() * WORTH <= text.len() {
                // The next text is most often like this one.
                patterns.swap(0, at);
                return Ok(packed);
            }
        }
        let pattern = add(transaction, kind, if long { "" } else { text })?;
        let packed = packer.pack(text, &pattern)?;
        patterns.push_front(pattern);
        patterns.truncate(TRIED as usize);
        Ok(packed)
    }
}

impl Pattern {
    fn new(number: i64, text: &str) -> Pattern {
        Pattern { number, dictionary: create_cdict(text.as_bytes(), LEVEL) }
    }
}

impl Packer {
    fn pack(&mut self, text: &str, by: &Pattern) -> Result<Packed, StoreError> {
        let mut rest = Vec::with_capacity(compress_bound(text.len()));
        let packed = self.0.compress_using_cdict(&mut rest, text.as_bytes(), &by.dictionary);
        packed.map_err(|code| failed(format!("a text cannot be packed: {}", said(code))))?;
        rest.shrink_to_fit();
        Ok(Packed { pattern: by.number, rest })
    }
}

/// Puts a text together again. The error says what is wrong with it.
pub(super) fn unpack(pattern: &str, rest: &[u8]) -> Result<String, Source> {
    let length = get_frame_content_size(rest).ok().flatten().ok_or("its length is missing")?;
    if length > LONGEST as u64 {
        return Err(format!("its length is {length}, and at most {LONGEST} is possible").into());
    }
    let mut text = Vec::with_capacity(usize::try_from(length)?);
    DCtx::create().decompress_using_dict(&mut text, rest, pattern.as_bytes()).map_err(said)?;
    Ok(String::from_utf8(text)?)
}

fn said(code: zstd_safe::ErrorCode) -> &'static str {
    zstd_safe::get_error_name(code)
}

fn newest(transaction: &Transaction<'_>, kind: &str) -> Result<VecDeque<Pattern>, StoreError> {
    let mut query = transaction.prepare(
        "SELECT number, text FROM patterns WHERE kind = $1 ORDER BY number DESC LIMIT $2",
    )?;
    let pattern = |row: &Row<'_>| Ok(Pattern::new(row.get(0)?, row.get_ref(1)?.as_str()?));
    let found = query.query_map(params![kind, TRIED], pattern)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn add(transaction: &Transaction<'_>, kind: &str, text: &str) -> Result<Pattern, StoreError> {
    let new = "INSERT INTO patterns (kind, text) VALUES ($1, $2)";
    transaction.execute(new, params![kind, text])?;
    Ok(Pattern::new(transaction.last_insert_rowid(), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusqlite::Connection;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE patterns (number INTEGER PRIMARY KEY, kind TEXT, text TEXT)";
        connection.execute_batch(table).unwrap();
        connection
    }

    fn put_together(transaction: &Transaction<'_>, packed: &Packed) -> String {
        let pattern = "SELECT text FROM patterns WHERE number = $1";
        let pattern: String =
            transaction.query_row(pattern, [packed.pattern], |row| row.get(0)).unwrap();
        unpack(&pattern, &packed.rest).unwrap()
    }

    #[test]
    fn what_is_like_one_before_takes_little_and_what_is_not_becomes_a_pattern() {
        let mut connection = database();
        let transaction = connection.transaction().unwrap();
        let mut patterns = Patterns::default();
        let text = |word: &str, number: usize| {
            let line = |at: usize| format!("{word} {}\n", at * at * word.len() % 977_777);
            (0..300).map(line).collect::<String>() + &number.to_string()
        };
        for number in 0..10 {
            for (place, word) in ["clause", "award"].into_iter().enumerate() {
                let packed = patterns.pack(&transaction, "texts", &text(word, number)).unwrap();
                assert_eq!(packed.pattern, place as i64 + 1);
                assert!(packed.rest.len() * 30 < text(word, number).len(), "{}", packed.rest.len());
                assert_eq!(put_together(&transaction, &packed), text(word, number));
            }
        }
        // Whoever begins later goes by the same patterns.
        let later = Patterns::default().pack(&transaction, "texts", &text("clause", 7)).unwrap();
        assert_eq!(later.pattern, 1);
        let other = patterns.pack(&transaction, "others", &text("clause", 7)).unwrap();
        assert_eq!(other.pattern, 3);
    }

    #[test]
    fn long_texts_go_by_nothing() {
        let mut connection = database();
        let transaction = connection.transaction().unwrap();
        let mut patterns = Patterns::default();
        let long = |seed: u32| {
            (0..20_000_u32).map(|at| format!("{:x}", (at ^ seed) % 7919)).collect::<String>()
        };
        for seed in 0..3 {
            let packed = patterns.pack(&transaction, "texts", &long(seed)).unwrap();
            assert_eq!(packed.pattern, 1);
            assert_eq!(put_together(&transaction, &packed), long(seed));
        }
    }

    #[test]
    fn a_damaged_rest_is_an_error() {
        let pattern = (0..300).map(|at| format!("{} ", at * at % 977)).collect::<String>();
        let text = format!("{pattern} and more");
        let by = Pattern::new(1, &pattern);
        let packed = Packer::default().pack(&text, &by).unwrap();
        assert_eq!(unpack(&pattern, &packed.rest).unwrap(), text);
        for length in 0..packed.rest.len() {
            assert!(unpack(&pattern, &packed.rest[..length]).is_err(), "{length}");
        }
        assert!(unpack("", &packed.rest).is_err());
        let twice = [&packed.rest[..], &packed.rest[..]].concat();
        assert!(unpack(&pattern, &twice).is_err());
        // The head of a frame that says that 2^56 bytes follow.
        let long = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 1];
        assert!(unpack(&pattern, &long).unwrap_err().to_string().contains("at most"));
    }

    proptest! {
        #[test]
        fn every_text_comes_back(texts in prop::collection::vec(any::<String>(), 1..12)) {
            let mut connection = database();
            let transaction = connection.transaction().unwrap();
            let mut patterns = Patterns::default();
            for text in texts.iter().chain(&texts) {
                let packed = patterns.pack(&transaction, "texts", text).unwrap();
                prop_assert_eq!(&put_together(&transaction, &packed), text);
            }
        }

        #[test]
        fn whatever_bytes_stand_there_nothing_panics(
            pattern in any::<String>(), rest in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            // The head of a frame of at most 255 bytes before it, so that it is not refused at once.
            let rest = [&[0x28, 0xb5, 0x2f, 0xfd, 0x20][..], &rest].concat();
            let _ = unpack(&pattern, &rest);
        }
    }
}
