//! The handlers of every noun: what the OpenAPI document says of each, and one call.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::App;
use super::entity;
use super::extract::{Asked, Id, JsonBody};
use super::list::{EntityPage, ListQuery};
use super::problem::{self, Problem, ProblemDocument, ProblemKind};
use crate::domain::entity::{
    Agreement, City, EntityKind, Fund, Organisation, Project, Rate, Resource, Talent, Voucher,
};
use crate::domain::ids;
use crate::domain::program::Program;

/// A noun that is listed and read.
macro_rules! read {
    ($plural:literal, $singular:literal, $noun:ident, $id:ident) => {
        /// By id, a page at a time.
        #[utoipa::path(
            get, path = concat!("/v1/", $plural), tag = $plural,
            operation_id = concat!("list-", $plural), summary = concat!("List ", $plural),
            params(ListQuery),
            responses(
                (status = 200, description = "A page.", body = EntityPage<$noun>,
                    headers(("Link" = String, description = "The page behind it: `rel=\"next\"`."))),
                (status = 400, description = "The query cannot be read.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 503, description = "The store does not answer.",
                    body = ProblemDocument, content_type = "application/problem+json"),
            ),
        )]
        pub async fn list(
            State(app): State<App>,
            Asked(query): Asked<ListQuery>,
        ) -> Result<Response, Problem> {
            entity::list(&app, EntityKind::$noun, &query).await
        }

        /// With its version as `ETag`.
        #[utoipa::path(
            get, path = concat!("/v1/", $plural, "/{", $singular, "}"), tag = $plural,
            operation_id = concat!("get-", $singular), summary = concat!("Read one of the ", $plural),
            params(
                ($singular = String, Path, description = "Its id."),
                ("If-None-Match" = Option<String>, Header,
                    description = "The version that the caller knows, such as `\"3\"`."),
            ),
            responses(
                (status = 200, description = "It.", body = $noun,
                    headers(("ETag" = String, description = "Its version."))),
                (status = 304, description = "It is at the version that the caller knows."),
                (status = 400, description = "A header cannot be read.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 404, description = "Nothing has this id.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 503, description = "The store does not answer.",
                    body = ProblemDocument, content_type = "application/problem+json"),
            ),
        )]
        pub async fn get(
            State(app): State<App>,
            Id(id): Id<ids::$id>,
            headers: HeaderMap,
        ) -> Result<Response, Problem> {
            entity::get(&app, EntityKind::$noun, id.as_str(), &headers).await
        }
    };
}

/// A noun that is also written.
macro_rules! read_and_write {
    ($plural:literal, $singular:literal, $noun:ident, $id:ident) => {
        read!($plural, $singular, $noun, $id);

        /// To replace one, name the version that you read in `If-Match`.
        #[utoipa::path(
            put, path = concat!("/v1/", $plural, "/{", $singular, "}"), tag = $plural,
            operation_id = concat!("put-", $singular),
            summary = concat!("Create or replace one of the ", $plural),
            params(
                ($singular = String, Path, description = "Its id, the same as in the body."),
                ("If-Match" = Option<String>, Header,
                    description = "The version to replace, such as `\"3\"`."),
                ("If-None-Match" = Option<String>, Header, description = "`*`: only create."),
            ),
            request_body = $noun,
            responses(
                (status = 200, description = "It was replaced.", body = $noun,
                    headers(("ETag" = String, description = "Its new version."))),
                (status = 201, description = "It was created.", body = $noun,
                    headers(("ETag" = String, description = "Its version."),
                        ("Location" = String, description = "Its address."))),
                (status = 400, description = "The body is not JSON, or a header cannot be read.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 404, description = "The id in the path is no id.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 412, description = "It was changed meanwhile.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 413, description = "The body is too large.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 415, description = "The body is not said to be JSON.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 422, description = "The body does not say what is expected.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 428, description = "It is there, and `If-Match` is missing.",
                    body = ProblemDocument, content_type = "application/problem+json"),
                (status = 503, description = "The store cannot write at present.",
                    body = ProblemDocument, content_type = "application/problem+json"),
            ),
        )]
        pub async fn put(
            State(app): State<App>,
            Id(id): Id<ids::$id>,
            headers: HeaderMap,
            body: JsonBody,
        ) -> Result<Response, Problem> {
            entity::put(&app, EntityKind::$noun, id.as_str(), &headers, &body).await
        }
    };
}

macro_rules! nouns {
    ($($module:ident: $plural:literal, $singular:literal, $noun:ident, $id:ident;)*) => {$(
        #[doc = concat!("The ", $plural, ".")]
        pub mod $module {
            use super::*;
            read_and_write!($plural, $singular, $noun, $id);
        }
    )*};
}

nouns! {
    cities: "cities", "city", City, CityId;
    organisations: "organisations", "organisation", Organisation, OrganisationId;
    talents: "talents", "talent", Talent, TalentId;
    funds: "funds", "fund", Fund, FundId;
    projects: "projects", "project", Project, ProjectId;
    vouchers: "vouchers", "voucher", Voucher, VoucherId;
    resources: "resources", "resource", Resource, ResourceId;
    agreements: "agreements", "agreement", Agreement, AgreementId;
    rates: "rates", "rate", Rate, RateId;
}

/// The programs, which are laid down in files.
pub mod programs {
    use super::*;
    read!("programs", "program", Program, ProgramId);

    /// The answer to any other method.
    pub async fn no_other(method: Method) -> Problem {
        if method != Method::PUT {
            return problem::method_not_allowed().await;
        }
        let detail = "A program is laid down in a file of config/programs, which the host reads when it starts.";
        Problem::new(ProblemKind::LaidDownInFile, detail)
    }
}
