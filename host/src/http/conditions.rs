//! Versions over HTTP: an entity's version is its `ETag`, and a caller names the one that it knows.
//!
//! RFC 9110, section 13.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::problem::{Problem, ProblemKind};

/// The tag of a version.
pub(super) fn tag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The tags that a header lists.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// `*`: whatever is there.
    Any,
    /// One of these; a tag that is no version of ours matches none.
    These(Vec<Option<Tag>>),
}

/// One tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    version: i64,
    weak: bool,
}

impl Tags {
    /// Reads a header; `None` where it is not given.
    pub(super) fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
        let wrong = || {
            let detail = format!("The header {name} must be * or a list of tags such as \"3\".");
            Problem::bad_request(detail)
        };
        let mut tags = Vec::new();
        for value in headers.get_all(name) {
            let text = value.to_str().map_err(|_| wrong())?;
            if text.trim() == "*" {
                return Ok(Some(Tags::Any));
            }
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                let (weak, quoted) =
                    part.strip_prefix("W/").map_or((false, part), |rest| (true, rest));
                let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let version = inside.ok_or_else(wrong)?.parse().ok();
                tags.push(version.map(|version| Tag { version, weak }));
            }
        }
        if headers.contains_key(name) && tags.is_empty() {
            return Err(wrong());
        }
        Ok(headers.contains_key(name).then_some(Tags::These(tags)))
    }

    /// Whether a version is among them, for reading: weak tags count.
    pub(super) fn contain(&self, version: i64) -> bool {
        self.matches(version, |_| true)
    }

    /// Whether a version is among them, for writing: weak tags do not count.
    fn contain_strictly(&self, version: i64) -> bool {
        self.matches(version, |tag| !tag.weak)
    }

    fn matches(&self, version: i64, counts: impl Fn(&Tag) -> bool) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(tags) => {
                tags.iter().flatten().any(|tag| counts(tag) && tag.version == version)
            }
        }
    }
}

/// What the caller of a PUT allows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// To create, by a caller who asked for nothing else (`If-None-Match: *`) or said nothing.
    Create {
        /// Whether the caller said so.
        said: bool,
    },
    /// To replace the version that is there.
    Replace(i64),
}

impl Allowed {
    /// What the headers allow, with this version there, or none.
    pub(super) fn of(headers: &HeaderMap, there: Option<i64>) -> Result<Allowed, Problem> {
        let only_new = match Tags::of(headers, &header::IF_NONE_MATCH)? {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(_)) => {
                let detail = "For a PUT, the header if-none-match can only be *.";
                return Err(Problem::bad_request(detail));
            }
        };
        match (Tags::of(headers, &header::IF_MATCH)?, there) {
            (Some(_), _) if only_new => Err(changed("Nothing can be there and not be there.")),
            (Some(tags), Some(version)) if tags.contain_strictly(version) => {
                Ok(Allowed::Replace(version))
            }
            (Some(_), Some(version)) => Err(changed(format!(
                "It is at version \"{version}\", which If-Match does not name."
            ))),
            (Some(_), None) => Err(changed("There is nothing to replace.")),
            (None, _) => Ok(Allowed::Create { said: only_new }),
        }
    }
}

/// The problem of a write that another came before.
pub(super) fn changed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::PreconditionFailed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
        let line = |(name, value): &(HeaderName, &str)| {
            (name.clone(), HeaderValue::from_str(value).unwrap())
        };
        lines.iter().map(line).collect()
    }

    fn kind(lines: &[(HeaderName, &str)], there: Option<i64>) -> ProblemKind {
        Allowed::of(&headers(lines), there).unwrap_err().kind()
    }

    #[test]
    fn a_caller_who_names_the_version_may_replace_it() {
        for tags in ["\"3\"", "\"1\", \"3\"", "*"] {
            let allowed = Allowed::of(&headers(&[(header::IF_MATCH, tags)]), Some(3)).unwrap();
            assert_eq!(allowed, Allowed::Replace(3), "{tags}");
        }
    }

    #[test]
    fn a_caller_who_names_another_version_may_not() {
        for tags in ["\"2\"", "W/\"3\"", "\"abc\""] {
            let lines = [(header::IF_MATCH, tags)];
            assert_eq!(kind(&lines, Some(3)), ProblemKind::PreconditionFailed, "{tags}");
        }
        assert_eq!(kind(&[(header::IF_MATCH, "*")], None), ProblemKind::PreconditionFailed);
        let both = [(header::IF_MATCH, "*"), (header::IF_NONE_MATCH, "*")];
        assert_eq!(kind(&both, Some(3)), ProblemKind::PreconditionFailed);
    }

    #[test]
    fn a_caller_who_names_none_may_only_create() {
        let said = |lines: &[_]| Allowed::of(&headers(lines), None).unwrap();
        assert_eq!(said(&[]), Allowed::Create { said: false });
        assert_eq!(said(&[(header::IF_NONE_MATCH, "*")]), Allowed::Create { said: true });
    }

    #[test]
    fn a_header_that_cannot_be_read_is_refused() {
        for tags in ["3", "\"3", "", "\"1\", 2"] {
            assert_eq!(
                kind(&[(header::IF_MATCH, tags)], Some(3)),
                ProblemKind::BadRequest,
                "{tags}"
            );
        }
        assert_eq!(kind(&[(header::IF_NONE_MATCH, "\"3\"")], Some(3)), ProblemKind::BadRequest);
    }

    #[test]
    fn a_reader_who_knows_the_version_is_told_so() {
        let knows = |tags: &str| {
            let headers = headers(&[(header::IF_NONE_MATCH, tags)]);
            Tags::of(&headers, &header::IF_NONE_MATCH).unwrap().unwrap().contain(3)
        };
        assert!(knows("\"3\"") && knows("W/\"3\"") && knows("*") && knows("\"x\", \"3\""));
        assert!(!knows("\"2\""));
    }
}
