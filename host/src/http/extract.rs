//! Extractors: bytes → JSON → what the domain knows, each step with its own problem.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use concord_contract::place::{self, Step};
use concord_contract::raw::Raw;
use serde::de::DeserializeOwned;

use super::problem::{Problem, ProblemKind};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::fault::Fault;
use crate::domain::ids::BadId;

/// The largest body that is read, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// The largest body with many cases in it, in bytes.
pub const MANY_LIMIT: usize = 16 * 1024 * 1024;

/// A body of any JSON, no key of which is given twice.
#[derive(Debug)]
pub struct RawBody(pub Raw);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<RawBody, Problem> {
        JsonBody::from_request(request, state).await?.raw().map(RawBody)
    }
}

/// A [`RawBody`] with many cases in it. Its route lifts the limit on bodies to [`MANY_LIMIT`].
#[derive(Debug)]
pub struct ManyBody(pub Raw);

impl<S: Send + Sync> FromRequest<S> for ManyBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<ManyBody, Problem> {
        JsonBody::within(MANY_LIMIT, request, state).await?.raw().map(ManyBody)
    }
}

/// A body that says it is JSON and is UTF-8.
#[derive(Debug)]
pub struct JsonBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody, Problem> {
        JsonBody::within(BODY_LIMIT, request, state).await
    }
}

/// A body that says it is JSON in lines, of any length and not read yet.
#[derive(Debug)]
pub struct LinesBody(pub Body);

impl<S: Send + Sync> FromRequest<S> for LinesBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<LinesBody, Problem> {
        let lines = ["application/x-ndjson", "application/jsonl"];
        if !is_utf8(request.headers(), |essence| lines.contains(&essence)) {
            let detail =
                format!("The header Content-Type must be {}, in UTF-8.", lines.join(" or "));
            return Err(Problem::of_body(ProblemKind::UnsupportedMediaType, detail));
        }
        Ok(LinesBody(request.into_body()))
    }
}

impl JsonBody {
    /// Bytes that are said to be JSON.
    #[must_use]
    pub fn of(bytes: Bytes) -> JsonBody {
        JsonBody(bytes)
    }

    async fn within<S: Send + Sync>(
        limit: usize,
        request: Request,
        state: &S,
    ) -> Result<JsonBody, Problem> {
        if !is_json(request.headers()) {
            let detail = "The header Content-Type must be application/json, in UTF-8.";
            return Err(Problem::of_body(ProblemKind::UnsupportedMediaType, detail));
        }
        // What says beforehand that it is too large is not read at all.
        if request.body().size_hint().lower() > limit as u64 {
            return Err(too_large(limit));
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(JsonBody(bytes)),
            Err(wrong) if wrong.status() == ProblemKind::TooLarge.status() => Err(too_large(limit)),
            Err(_) => Err(Problem::of_body(ProblemKind::Malformed, "The body broke off.")),
        }
    }

    /// What it says, without types.
    pub fn raw(&self) -> Result<Raw, Problem> {
        let text = self.text()?;
        serde_json::from_str(text).map_err(|error| malformed(&error, place_of_fault(text)))
    }

    /// An entity of a kind.
    pub fn entity(&self, kind: EntityKind) -> Result<Entity, Problem> {
        self.raw()?;
        let mut json = serde_json::Deserializer::from_str(self.text()?);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        Entity::read(kind, tracked).map_err(|error| {
            Problem::invalid(vec![Fault::new(steps(&track.path()), without_line(&error))])
        })
    }

    /// Its bytes, as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn text(&self) -> Result<&str, Problem> {
        std::str::from_utf8(&self.0).map_err(|error| {
            let byte = error.valid_up_to();
            let detail = format!("The body is not UTF-8: byte {byte}, counted from 0, is wrong.");
            Problem::of_body(ProblemKind::Malformed, detail)
        })
    }
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("The body is larger than {limit} bytes.");
    Problem::of_body(ProblemKind::TooLarge, detail)
}

/// Reads the text again to find where it goes wrong, which costs more than a good body should.
fn place_of_fault(text: &str) -> place::Path {
    let mut json = serde_json::Deserializer::from_str(text);
    let again: Result<Raw, _> = serde_path_to_error::deserialize(&mut json);
    // What is right to the end has something behind it.
    again.map_or_else(|error| steps(error.path()), |_| place::Path::new())
}

fn malformed(error: &serde_json::Error, path: place::Path) -> Problem {
    let (line, column) = (error.line(), error.column());
    let what = without_line(error);
    // The place of what is nested too deeply is as long as it is deep.
    let path = if what.starts_with("recursion limit") { place::Path::new() } else { path };
    let detail = format!("The body is not proper JSON at line {line}, column {column}: {what}.");
    Problem::new(ProblemKind::Malformed, detail).at(Fault::new(path, what))
}

/// The message alone: serde_json puts the place behind it, and a pointer is better.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map(str::to_owned).unwrap_or(text)
}

fn steps(path: &serde_path_to_error::Path) -> place::Path {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map_while(step).collect()
}

fn is_json(headers: &HeaderMap) -> bool {
    is_utf8(headers, |essence| {
        essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}

/// Whether the body is said to be of a media type, and of no charset but UTF-8.
fn is_utf8(headers: &HeaderMap, is_type: impl Fn(&str) -> bool) -> bool {
    let Some(Ok(given)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = given.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let utf8 = |part: String| match part.strip_prefix("charset=") {
        Some(charset) => charset.trim_matches('"') == "utf-8",
        None => true,
    };
    is_type(&essence) && parts.all(utf8)
}

/// The one id in the path, checked before anything sees it. A text that is no id names nothing: 404.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: std::str::FromStr<Err = BadId>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id<T>, Problem> {
        let Path(text): Path<String> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("The id in the path is not UTF-8."))?;
        let wrong = |wrong: BadId| Problem::not_found(format!("Nothing has this id: {wrong}."));
        text.parse().map(Id).map_err(wrong)
    }
}

/// The two ids in the path, as [`Id`].
#[derive(Debug)]
pub struct Ids<A, B>(pub A, pub B);

impl<S, A, B> FromRequestParts<S> for Ids<A, B>
where
    S: Send + Sync,
    A: std::str::FromStr<Err = BadId>,
    B: std::str::FromStr<Err = BadId>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Ids<A, B>, Problem> {
        let Path((one, other)): Path<(String, String)> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("An id in the path is not UTF-8."))?;
        let wrong = |wrong: BadId| Problem::not_found(format!("Nothing has this id: {wrong}."));
        Ok(Ids(one.parse().map_err(wrong)?, other.parse().map_err(wrong)?))
    }
}

/// The query, with no key that is not known.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<S, T> FromRequestParts<S> for Asked<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Asked<T>, Problem> {
        let query: Result<Query<T>, _> = Query::try_from_uri(&parts.uri);
        let Query(query) = query.map_err(|wrong| {
            let reason =
                std::error::Error::source(&wrong).map_or(String::new(), |why| format!(": {why}"));
            Problem::bad_request(format!("The query cannot be read{reason}."))
        })?;
        Ok(Asked(query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn says(content_type: &str) -> bool {
        is_json(&HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            HeaderValue::from_str(content_type).unwrap(),
        )]))
    }

    fn body(bytes: &'static [u8]) -> JsonBody {
        JsonBody(Bytes::from_static(bytes))
    }

    /// The kind of problem, where it points and what it says there.
    fn wrong<T: std::fmt::Debug>(result: Result<T, Problem>) -> (ProblemKind, String, String) {
        let problem = result.unwrap_err();
        let fault = &problem.errors()[0];
        (problem.kind(), fault.pointer(), fault.message.clone())
    }

    #[test]
    fn what_is_no_json_is_malformed_and_says_where() {
        let (kind, pointer, message) = wrong(body(b"{ \"a\": [1, {\"b\": x}] }").raw());
        assert_eq!((kind, pointer.as_str()), (ProblemKind::Malformed, "/a/1/b"));
        assert_eq!(message, "expected value");
        let (_, pointer, message) = wrong(body(b"{} {}").raw());
        assert_eq!((pointer.as_str(), message.as_str()), ("", "trailing characters"));
        let (_, pointer, message) = wrong(body(b"{\"a\": {\"b\": 1, \"b\": 2}}").raw());
        assert_eq!((pointer.as_str(), message.as_str()), ("/a", "the key \"b\" is given twice"));
        let (_, _, message) = wrong(body(b"{\"a\": \"\xff\"}").raw());
        assert_eq!(message, "The body is not UTF-8: byte 7, counted from 0, is wrong.");
        assert_eq!(wrong(body(b"").raw()).0, ProblemKind::Malformed);
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_and_not_followed() {
        let deep = "[".repeat(100_000);
        let (kind, pointer, message) = wrong(JsonBody(Bytes::from(deep)).raw());
        assert_eq!((kind, pointer.as_str()), (ProblemKind::Malformed, ""));
        assert_eq!(message, "recursion limit exceeded");
        assert!(JsonBody(Bytes::from(["[".repeat(120), "]".repeat(120)].concat())).raw().is_ok());
    }

    #[test]
    fn an_entity_that_is_not_as_it_should_be_is_invalid_and_says_where() {
        let fund = |more: &str| {
            let text = format!(
                r#"{{ "id": "f", "currency": "CNY",
                      "name": {{ "zh-Hans": "x", "zh-Hant": "x", "en": "x" }} {more} }}"#
            );
            JsonBody(Bytes::from(text)).entity(EntityKind::Fund)
        };
        assert!(fund("").is_ok());
        let (kind, pointer, _) =
            wrong(fund(r#", "contributions": [{ "city": "NO", "amount": "1" }]"#));
        assert_eq!((kind, pointer.as_str()), (ProblemKind::Invalid, "/contributions/0/city"));
        let (_, pointer, message) = wrong(fund(r#", "colour": 1"#));
        assert_eq!(pointer, "/colour");
        assert!(message.starts_with("unknown field `colour`, expected one of"), "{message}");
        let (_, pointer, message) = wrong(body(br#"{ "id": "f" }"#).entity(EntityKind::Fund));
        assert_eq!((pointer.as_str(), message.as_str()), ("", "missing field `name`"));
        assert_eq!(wrong(fund(r#", "id": "g""#)).0, ProblemKind::Malformed);
    }

    #[test]
    fn json_in_utf8_is_taken_and_nothing_else() {
        for json in
            ["application/json", "Application/JSON; charset=UTF-8", "application/merge-patch+json"]
        {
            assert!(says(json), "{json}");
        }
        for other in ["text/json", "application/toml", "application/json; charset=gbk", "", "json"]
        {
            assert!(!says(other), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
