//! Every route, a line each.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::extract::MANY_LIMIT;
use super::nouns::{
    agreements, cities, funds, organisations, programs, projects, rates, resources, talents,
    vouchers,
};
use super::{
    App, application, balance, batch, check, decision, docs, health, matches, matrix, middleware,
    policy, problem, progress, round,
};

/// The whole service.
pub fn router(app: App) -> Router {
    let (routes, document) = routes().split_for_parts();
    let routes = routes
        .with_state(app)
        .merge(docs::routes(&document))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(problem::no_route);
    middleware::around(routes)
}

/// The OpenAPI document of all routes.
#[must_use]
pub fn document() -> Document {
    routes().split_for_parts().1
}

fn routes() -> OpenApiRouter<App> {
    let many = DefaultBodyLimit::max(MANY_LIMIT);
    OpenApiRouter::with_openapi(docs::Head::openapi())
        .routes(routes!(check::check))
        .routes(routes!(batch::batch))
        .routes(routes!(matrix::matrix))
        .routes(routes!(round::select).map(|route| route.layer(many)))
        .routes(routes!(round::get))
        .routes(routes!(progress::progress))
        .routes(routes!(matches::matches).map(|route| route.layer(many)))
        .routes(routes!(application::submit, application::list))
        .routes(routes!(application::get))
        .routes(routes!(application::act))
        .routes(routes!(decision::get))
        .routes(routes!(decision::receipt))
        .routes(routes!(decision::replay))
        .routes(routes!(decision::keys))
        .routes(routes!(balance::fund))
        .routes(routes!(balance::voucher))
        .routes(routes!(policy::list))
        .routes(routes!(policy::get))
        .routes(routes!(programs::list))
        .routes(routes!(programs::get).map(|route| route.fallback(programs::no_other)))
        .routes(routes!(cities::list))
        .routes(routes!(cities::get, cities::put))
        .routes(routes!(organisations::list))
        .routes(routes!(organisations::get, organisations::put))
        .routes(routes!(talents::list))
        .routes(routes!(talents::get, talents::put))
        .routes(routes!(funds::list))
        .routes(routes!(funds::get, funds::put))
        .routes(routes!(projects::list))
        .routes(routes!(projects::get, projects::put))
        .routes(routes!(vouchers::list))
        .routes(routes!(vouchers::get, vouchers::put))
        .routes(routes!(resources::list))
        .routes(routes!(resources::get, resources::put))
        .routes(routes!(agreements::list))
        .routes(routes!(agreements::get, agreements::put))
        .routes(routes!(rates::list))
        .routes(routes!(rates::get, rates::put))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
}
