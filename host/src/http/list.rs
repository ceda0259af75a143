//! Lists over HTTP: the query, and the link to the page behind.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::CityId;
use crate::store::{Filter, Listing, Page};

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;
/// The longest text to look for in names, in characters.
const LONGEST_TEXT: usize = 100;

/// Which part of a list, and what to leave out. A thing that has no city, or no kind, passes no filter by it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// At most so many, from 1 to 200; 50 where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Begin behind this id: the `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// Only those of this city; a program or fund is of every city that takes part in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    city: Option<CityId>,
    /// Only those of this kind: `enterprise`, say, or `instrument`, or `funding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Only those with this in the name, in any of the languages, in small or capital letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    q: Option<String>,
}

impl ListQuery {
    /// What to ask the store for.
    pub(super) fn checked(&self) -> Result<(Filter, Page), Problem> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MOST).contains(&limit) {
            let detail =
                format!("The query has limit={limit}, expected a number from 1 to {MOST}.");
            return Err(Problem::bad_request(detail));
        }
        let text = self.q.clone().filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            let detail = format!("The query has a q of more than {LONGEST_TEXT} characters.");
            return Err(Problem::bad_request(detail));
        }
        let city = self.city.as_ref().map(ToString::to_string);
        let filter = Filter { city, sort: self.kind.clone(), text };
        Ok((filter, Page { after: self.after.clone(), limit }))
    }

    /// The address of the page behind an id.
    fn link(&self, kind: EntityKind, next: &str) -> Option<(HeaderName, HeaderValue)> {
        let behind = ListQuery { after: Some(next.to_owned()), ..self.clone() };
        let query = serde_urlencoded::to_string(behind).ok()?;
        let link = format!("</v1/{}?{query}>; rel=\"next\"", kind.plural());
        Some((header::LINK, link.try_into().ok()?))
    }

    /// The answer, with the link to the page behind it.
    pub(super) fn answer(&self, kind: EntityKind, listing: &Listing) -> Response {
        let items = listing.items.iter().map(|stored| stored.entity.as_ref()).collect();
        let link = listing.next.as_ref().and_then(|next| self.link(kind, next));
        let page = EntityPage::<&Entity> { items, next: listing.next.clone() };
        let mut response = Json(page).into_response();
        response.headers_mut().extend(link);
        response
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub struct EntityPage<T> {
    /// The things, by id.
    items: Vec<T>,
    /// The id to go on behind; `null` at the end.
    next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::ProblemKind;

    fn query(text: &str) -> ListQuery {
        serde_urlencoded::from_str(text).unwrap()
    }

    #[test]
    fn fifty_are_listed_where_no_number_is_given() {
        let (filter, page) = query("").checked().unwrap();
        assert_eq!((filter, page), (Filter::default(), Page { after: None, limit: 50 }));
    }

    #[test]
    fn a_query_says_what_to_list() {
        let (filter, page) =
            query("limit=7&after=b&city=foshan&kind=enterprise&q=%E5%85%89").checked().unwrap();
        assert_eq!(page, Page { after: Some("b".into()), limit: 7 });
        assert_eq!(filter.city.as_deref(), Some("foshan"));
        assert_eq!(filter.sort.as_deref(), Some("enterprise"));
        assert_eq!(filter.text.as_deref(), Some("光"));
    }

    #[test]
    fn a_limit_out_of_bounds_is_refused() {
        for limit in ["limit=0", "limit=201", &format!("q={}", "x".repeat(101))] {
            assert_eq!(query(limit).checked().unwrap_err().kind(), ProblemKind::BadRequest);
        }
    }

    #[test]
    fn a_query_that_is_not_known_is_refused() {
        for wrong in ["colour=red", "limit=many", "limit=1&limit=2", "city=NOT%20AN%20ID"] {
            assert!(serde_urlencoded::from_str::<ListQuery>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_link_to_the_next_page_keeps_the_filters() {
        let (_, link) =
            query("q=%E5%85%89+%26&limit=2&after=a").link(EntityKind::Fund, "b").unwrap();
        assert_eq!(link, "</v1/funds?limit=2&after=b&q=%E5%85%89+%26>; rel=\"next\"");
    }
}
