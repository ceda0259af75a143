//! Long texts that are much alike, such as the receipts of one program: each is kept as what sets it apart from a
//! pattern, an earlier one of its kind.

use std::collections::{HashMap, VecDeque};

use lz4_flex::block::{compress_prepend_size_with_dict, decompress_into_with_dict};
use rusqlite::{Row, Transaction, params};

use super::queue::failed;
use crate::store::{Source, StoreError};

/// How many patterns of a kind are tried.
const TRIED: u32 = 4;
/// A text whose rest is more than one part in so many becomes a pattern itself.
const WORTH: usize = 4;
/// The longest text that is taken.
const LONGEST: usize = 64 << 20;
/// What LZ4 looks back over. In a longer text it would find nothing of a pattern that is as long.
const WINDOW: usize = 64 << 10;

/// A text as it is kept.
pub(super) struct Packed {
    /// The pattern's number.
    pub(super) pattern: i64,
    /// What sets it apart: its length in four bytes, the lowest first, and a block of LZ4 with the pattern as its
    /// dictionary.
    pub(super) rest: Vec<u8>,
}

/// The patterns that are in use.
#[derive(Default)]
pub(super) struct Patterns {
    kinds: HashMap<String, VecDeque<Pattern>>,
}

struct Pattern {
    number: i64,
    text: String,
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
        // Long ones go by nothing: their pattern is empty.
        let long = 2 * text.len() > WINDOW;
        let kind = if long { "long" } else { kind };
        if !self.kinds.contains_key(kind) {
            let known = newest(transaction, kind)?;
            self.kinds.insert(kind.to_owned(), known);
        }
        let patterns = self.kinds.entry(kind.to_owned()).or_default();
        for at in 0..patterns.len() {
            let Some(packed) = patterns.get(at).map(|pattern| pattern.pack(text)) else { break };
            if long || packed.rest.len() * WORTH <= text.len() {
                // The next text is most often like this one.
                patterns.swap(0, at);
                return Ok(packed);
            }
        }
        let pattern = add(transaction, kind, if long { "" } else { text })?;
        let packed = pattern.pack(text);
        patterns.push_front(pattern);
        patterns.truncate(TRIED as usize);
        Ok(packed)
    }
}

impl Pattern {
    fn pack(&self, text: &str) -> Packed {
        let rest = compress_prepend_size_with_dict(text.as_bytes(), self.text.as_bytes());
        Packed { pattern: self.number, rest }
    }
}

/// Puts a text together again. The error says what is wrong with it.
pub(super) fn unpack(pattern: &str, rest: &[u8]) -> Result<String, Source> {
    let (length, block) = rest.split_first_chunk().ok_or("its length is missing")?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > LONGEST {
        return Err(format!("its length is {length}, and at most {LONGEST} is possible").into());
    }
    let mut text = vec![0; length];
    let found = decompress_into_with_dict(block, &mut text, pattern.as_bytes())?;
    if found != length {
        return Err(format!("it comes to {found} bytes in the place of {length}").into());
    }
    Ok(String::from_utf8(text)?)
}

fn newest(transaction: &Transaction<'_>, kind: &str) -> Result<VecDeque<Pattern>, StoreError> {
    let mut query = transaction.prepare(
        "SELECT number, text FROM patterns WHERE kind = $1 ORDER BY number DESC LIMIT $2",
    )?;
    let pattern = |row: &Row<'_>| Ok(Pattern { number: row.get(0)?, text: row.get(1)? });
    let found = query.query_map(params![kind, TRIED], pattern)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn add(transaction: &Transaction<'_>, kind: &str, text: &str) -> Result<Pattern, StoreError> {
    let new = "INSERT INTO patterns (kind, text) VALUES ($1, $2)";
    transaction.execute(new, params![kind, text])?;
    Ok(Pattern { number: transaction.last_insert_rowid(), text: text.to_owned() })
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
            let line = |at: usize| format!("{word} {}, line {at}\n", at * at % 977);
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
        let packed = Pattern { number: 1, text: "a pattern".into() }.pack("a pattern and more");
        for length in 0..packed.rest.len() {
            assert!(unpack("a pattern", &packed.rest[..length]).is_err(), "{length}");
        }
        assert!(unpack("", &packed.rest).is_err());
        let mut long = packed.rest;
        long[3] = 0xff;
        assert!(unpack("a pattern", &long).unwrap_err().to_string().contains("at most"));
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
            let mut rest = rest;
            // A length that is not refused at once.
            if let Some(high) = rest.get_mut(2..4) { high.fill(0); }
            let _ = unpack(&pattern, &rest);
        }
    }
}
