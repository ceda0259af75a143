//! Every error that goes over the network, as a problem document (RFC 9457).
//!
//! The caller reads `detail` and `errors`; what stands behind a failure of the host goes to the log alone.

mod document;

use axum::http::{StatusCode, Uri};
use concord_contract::place::Path;

use crate::domain::fault::Fault;
use crate::store::StoreError;

pub use document::{Pointed, ProblemDocument};

/// What kind of problem it is. Each has a type of its own, which stays the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No route leads there.
    NoRoute,
    /// The route takes other methods.
    MethodNotAllowed,
    /// Nothing has this id.
    NotFound,
    /// The query, a header or the address cannot be read.
    BadRequest,
    /// The body is not JSON.
    Malformed,
    /// The body is JSON, and says what cannot be.
    Invalid,
    /// The body is of another media type.
    UnsupportedMediaType,
    /// The body is too large.
    TooLarge,
    /// The key of the request was used for another one.
    KeyReused,
    /// What is there already stands against it.
    Conflict,
    /// The thing was changed since it was read.
    PreconditionFailed,
    /// A thing that exists is only replaced where the version is named.
    PreconditionRequired,
    /// The thing is laid down in a file of the host, not over the network.
    LaidDownInFile,
    /// The host is not ready yet.
    NotReady,
    /// The host cannot do it now.
    Unavailable,
    /// It took too long.
    Timeout,
    /// A mistake in the host.
    Internal,
}

impl ProblemKind {
    /// The last part of its type.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status that it comes with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().1
    }

    /// What it is in a few words, always the same.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::NoRoute => ("no-route", S::NOT_FOUND, "No such route"),
            Self::MethodNotAllowed => {
                ("method-not-allowed", S::METHOD_NOT_ALLOWED, "The route takes other methods")
            }
            Self::NotFound => ("not-found", S::NOT_FOUND, "Nothing has this id"),
            Self::BadRequest => ("bad-request", S::BAD_REQUEST, "The request cannot be read"),
            Self::Malformed => ("malformed", S::BAD_REQUEST, "The body is not JSON"),
            Self::Invalid => {
                ("invalid", S::UNPROCESSABLE_ENTITY, "The body does not say what is expected")
            }
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                S::UNSUPPORTED_MEDIA_TYPE,
                "The body is of another media type",
            ),
            Self::TooLarge => ("too-large", S::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::KeyReused => {
                ("key-reused", S::UNPROCESSABLE_ENTITY, "The key was used for another request")
            }
            Self::Conflict => ("conflict", S::CONFLICT, "It stands against what is there"),
            Self::PreconditionFailed => {
                ("precondition-failed", S::PRECONDITION_FAILED, "It was changed meanwhile")
            }
            Self::PreconditionRequired => (
                "precondition-required",
                S::PRECONDITION_REQUIRED,
                "The version to replace is missing",
            ),
            Self::LaidDownInFile => (
                "laid-down-in-file",
                S::METHOD_NOT_ALLOWED,
                "It is laid down in a file of the host",
            ),
            Self::NotReady => ("not-ready", S::SERVICE_UNAVAILABLE, "The host is not ready yet"),
            Self::Unavailable => {
                ("unavailable", S::SERVICE_UNAVAILABLE, "The host cannot do this at present")
            }
            Self::Timeout => ("timeout", S::SERVICE_UNAVAILABLE, "It took too long"),
            Self::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "The host failed"),
        }
    }
}

/// How many things that are wrong a problem lists.
const LISTED: usize = 100;

/// An error on its way out.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Vec<Fault>,
    cause: Option<Cause>,
}

/// What stands behind a failure of the host; a response carries it as far as the log.
#[derive(Clone, Debug)]
pub struct Cause(pub String);

impl Problem {
    /// A problem with a sentence for the caller.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Problem {
        Problem { kind, detail: detail.into(), errors: Vec::new(), cause: None }
    }

    /// A body that is JSON and says what cannot be: 422, with what is wrong and where.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Problem {
        let detail = match faults.len() {
            1 => "One thing in the body is not as expected.".to_owned(),
            number @ ..=LISTED => format!("{number} things in the body are not as expected."),
            number => {
                format!(
                    "{number} things in the body are not as expected; the first {LISTED} are listed."
                )
            }
        };
        let errors = faults.into_iter().take(LISTED).collect();
        Problem { errors, ..Problem::new(ProblemKind::Invalid, detail) }
    }

    /// Something that is wrong with the body as a whole.
    #[must_use]
    pub fn of_body(kind: ProblemKind, detail: impl Into<String>) -> Problem {
        let detail = detail.into();
        Problem::new(kind, detail.clone()).at(Fault::new(Path::new(), detail))
    }

    /// Nothing of this name: 404.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::NotFound, detail)
    }

    /// A query, header or address that cannot be read: 400.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::BadRequest, detail)
    }

    /// A mistake in the host: 500. The cause goes to the log, not to the caller.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        let detail = "The host failed; its log says why, under the id of this request.";
        Problem::new(ProblemKind::Internal, detail).because(cause)
    }

    /// With one more thing that is wrong in the body.
    #[must_use]
    pub fn at(mut self, fault: Fault) -> Problem {
        self.errors.push(fault);
        self
    }

    /// With what stands behind it, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Problem {
        self.cause = Some(Cause(cause.to_string()));
        self
    }

    /// What is wrong in the body.
    #[must_use]
    pub fn errors(&self) -> &[Fault] {
        &self.errors
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }
}

/// What a store says → what the caller reads.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        let detail = sentence(&error);
        match error {
            StoreError::NotFound { .. } => Problem::not_found(detail),
            StoreError::Stale { .. } => Problem::new(ProblemKind::PreconditionFailed, detail),
            StoreError::Exists { .. } | StoreError::Short(_) => {
                Problem::new(ProblemKind::Conflict, detail)
            }
            StoreError::Faults(faults) => Problem::invalid(faults),
            StoreError::ReadOnly => Problem::new(ProblemKind::Unavailable, detail),
            StoreError::Unavailable(_) => {
                Problem::new(ProblemKind::Unavailable, detail).because(chain(&error))
            }
            StoreError::Held(_)
            | StoreError::Missing(_)
            | StoreError::Layout(_)
            | StoreError::Corrupt { .. }
            | StoreError::File { .. }
            | StoreError::Failed(_) => Problem::internal(chain(&error)),
        }
    }
}

/// Several faults of a body.
impl From<Vec<Fault>> for Problem {
    fn from(faults: Vec<Fault>) -> Problem {
        Problem::invalid(faults)
    }
}

pub(super) fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => text,
    }
}

/// An error and all that stands behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        text.push_str(": ");
        text.push_str(&error.to_string());
        behind = error.source();
    }
    text
}

/// The answer where no route leads.
pub(super) async fn no_route(uri: Uri) -> Problem {
    Problem::new(ProblemKind::NoRoute, format!("No route leads to {}.", uri.path()))
}

/// The answer where a route takes other methods; the header `Allow` is set by the router.
pub(super) async fn method_not_allowed() -> Problem {
    let detail = "The header Allow names the methods that this route takes.";
    Problem::new(ProblemKind::MethodNotAllowed, detail)
}
