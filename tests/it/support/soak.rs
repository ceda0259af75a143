//! How long tests of chance go on.

/// How many seeds a test runs through: a few, or as many as `CONCORD_SOAK` says (`make soak`).
pub fn seeds(few: u64) -> u64 {
    match std::env::var("CONCORD_SOAK") {
        Ok(number) => number.parse().expect("CONCORD_SOAK is a number"),
        Err(_) => few,
    }
}
