//! What stands in the purses of a fund or voucher.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use concord_contract::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::extract::Id;
use super::problem::{Problem, ProblemDocument};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{FundId, VoucherId};
use crate::domain::purse::{Balance, Purse, Stage};
use crate::domain::shapes::MoneyShape;
use crate::store::StoreError;

/// The purses of a fund, or of a voucher.
#[derive(Serialize, ToSchema)]
pub struct Balances {
    /// The purses: of a fund one for each city, of a voucher one.
    purses: Vec<BalanceBody>,
}

/// What stands in a purse.
#[derive(Serialize, ToSchema)]
#[schema(as = Balance)]
pub struct BalanceBody {
    /// The purse: `funds/FUND/CITY` or `vouchers/VOUCHER`.
    purse: String,
    /// The city that put it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    city: Option<String>,
    /// All that was put in, or that a voucher was issued for.
    #[schema(value_type = MoneyShape)]
    contributed: Money,
    /// There to be awarded.
    #[schema(value_type = MoneyShape)]
    available: Money,
    /// Awarded, and not yet agreed on.
    #[schema(value_type = MoneyShape)]
    reserved: Money,
    /// Owed by a signed agreement.
    #[schema(value_type = MoneyShape)]
    committed: Money,
    /// Paid out; of a voucher, redeemed.
    #[schema(value_type = MoneyShape)]
    paid: Money,
    /// Left on a voucher after its last day.
    #[schema(value_type = MoneyShape)]
    expired: Money,
    /// All that was ever given back after it was reserved or committed.
    #[schema(value_type = MoneyShape)]
    released: Money,
}

impl BalanceBody {
    fn of(purse: &Purse, balance: &Balance) -> BalanceBody {
        let city = match purse {
            Purse::Fund(_, city) => Some(city.to_string()),
            Purse::Voucher(_) => None,
        };
        BalanceBody {
            purse: purse.to_string(),
            city,
            contributed: balance.contributed(),
            available: balance.at(Stage::Available),
            reserved: balance.at(Stage::Reserved),
            committed: balance.at(Stage::Committed),
            paid: balance.at(Stage::Paid),
            expired: balance.at(Stage::Expired),
            released: balance.released(),
        }
    }
}

/// What each city's part of a fund has at each stage.
#[utoipa::path(
    get, path = "/v1/funds/{fund}/balance", tag = "funds",
    operation_id = "get-fund-balance", summary = "Read what stands in a fund",
    params(("fund" = String, Path, description = "The fund's id.")),
    responses(
        (status = 200, description = "Its purses.", body = Balances),
        (status = 404, description = "Nothing has this id.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn fund(State(app): State<App>, Id(id): Id<FundId>) -> Result<Response, Problem> {
    let entities = app.store.entities();
    if entities.fund(id.as_str()).is_none() {
        return Err(StoreError::NotFound { kind: EntityKind::Fund, id: id.to_string() }.into());
    }
    let body = |(city, balance)| {
        let city: &crate::domain::ids::CityId = city;
        BalanceBody::of(&Purse::Fund(id.clone(), city.clone()), balance)
    };
    let purses = entities.books().of_fund(&id).map(body).collect();
    Ok(Json(Balances { purses }).into_response())
}

/// What a voucher has at each stage.
#[utoipa::path(
    get, path = "/v1/vouchers/{voucher}/balance", tag = "vouchers",
    operation_id = "get-voucher-balance", summary = "Read what is left on a voucher",
    params(("voucher" = String, Path, description = "The voucher's id.")),
    responses(
        (status = 200, description = "Its purse.", body = Balances),
        (status = 404, description = "Nothing has this id.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn voucher(State(app): State<App>, Id(id): Id<VoucherId>) -> Result<Response, Problem> {
    let entities = app.store.entities();
    let found = entities.get(EntityKind::Voucher, id.as_str()).map(AsRef::as_ref);
    let Some(Entity::Voucher(voucher)) = found else {
        return Err(StoreError::NotFound { kind: EntityKind::Voucher, id: id.to_string() }.into());
    };
    let purse = Purse::Voucher(id);
    // One that was issued for nothing was never filled.
    let empty = Balance::empty(voucher.amount.currency);
    let balance = entities.books().balance(&purse).unwrap_or(&empty);
    Ok(Json(Balances { purses: vec![BalanceBody::of(&purse, balance)] }).into_response())
}
