//! `/v1/policies`: what is loaded, and where it is bound and in force.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use concord_contract::language::Language;
use concord_contract::manifest::{Group, Manifest};
use concord_contract::value::{Column, Shape, Type, Value};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::check::not_ready;
use super::extract::Id;
use super::language::Reads;
use super::problem::{Problem, ProblemDocument};
use crate::decide::{Program, Programs};
use crate::domain::entities::Entities;
use crate::domain::ids::PolicyId;
use crate::domain::shapes::KindShape;
use crate::engine::Policy;

/// The policies that are loaded.
#[derive(Serialize, ToSchema)]
pub struct Policies<'a> {
    /// By id and version.
    items: Vec<PolicyBody<'a>>,
}

/// A version of a policy.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyBody<'a> {
    /// Its id.
    policy: &'a str,
    /// Its version.
    version: &'a str,
    /// What it is called.
    name: &'a str,
    /// What it may grant.
    #[schema(value_type = KindShape)]
    kind: concord_contract::Kind,
    /// The digest of its component.
    digest: &'a str,
    /// Bytes of its component.
    bytes: usize,
    /// The version of the contract that it was built for.
    contract: &'a str,
    /// The functions of the contract that it uses.
    imports: &'a [String],
    /// The programs that bind it.
    bindings: Vec<BindingBody<'a>>,
}

/// Where a version of a policy is bound.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyBinding)]
pub struct BindingBody<'a> {
    /// The program.
    program: &'a str,
    /// The city whose rules they are; none where they are the whole program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    /// The first day that the binding is in force.
    #[schema(value_type = String, format = Date)]
    from: String,
    /// Whether it is in force today.
    in_force: bool,
}

/// What a policy declares.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyDetail)]
pub struct DetailBody<'a> {
    /// The policy.
    #[serde(flatten)]
    policy: PolicyBody<'a>,
    /// The facts that it may read.
    facts: Vec<FactBody<'a>>,
    /// The figures that a binding may set.
    parameters: Vec<ParameterBody<'a>>,
    /// Its clauses.
    clauses: Vec<ClauseBody<'a>>,
    /// What it promises of its rulings, whatever the case.
    promises: Vec<PromiseBody<'a>>,
}

/// A fact that a policy may read.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyFact)]
pub struct FactBody<'a> {
    /// What it is about.
    subject: &'static str,
    /// Its name.
    fact: &'a str,
    /// What it is called.
    label: &'a str,
    /// Its values; a single value and a list have one column without a name.
    columns: Vec<ColumnBody<'a>>,
    /// `one`, `list` or `table`.
    shape: &'static str,
}

/// What a value is declared to be.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyColumn)]
pub struct ColumnBody<'a> {
    /// The name of a table's column.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    /// `flag`, `integer`, `decimal`, `text`, `choice`, `date` or `amount`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    ty: Type,
    /// The unit; `%` for a ratio that is written as a percentage, the currency of an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    /// The least that it can be, as it is written in a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    min: Option<String>,
    /// The most that it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max: Option<String>,
    /// The options of a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<&'a str>,
    /// Whether a choice takes other values too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    open: bool,
}

/// A figure that a binding may set.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyParameter)]
pub struct ParameterBody<'a> {
    /// Its name.
    parameter: &'a str,
    /// What it is called.
    label: &'a str,
    /// Where the figure comes from: `doc: …`, `pub: …` or `ill: …`; one for all rows of a list or table, or one
    /// for each.
    source: &'a [String],
    /// Its values; a single value and a list have one column without a name.
    columns: Vec<ColumnBody<'a>>,
    /// `one`, `list` or `table`.
    shape: &'static str,
}

/// A clause that a policy reports.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyClause)]
pub struct ClauseBody<'a> {
    /// Its id.
    clause: &'a str,
    /// How it counts: `all`, `any`, `any:NAME` or `advisory`.
    #[schema(value_type = String)]
    group: &'a Group,
    /// The law or standard, and the place in it.
    citation: &'a str,
    /// Where the rule comes from.
    source: &'a str,
    /// What it demands; a Fluent pattern over the parameters.
    title: &'a str,
}

/// A property that holds whatever the case.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyPromise)]
pub struct PromiseBody<'a> {
    /// Its id.
    promise: &'a str,
    /// `more`, `less`, `swap`, `at_most` or `unaffected_by`.
    property: &'static str,
    /// The fact, the parameter or the two options that it is about.
    about: Vec<String>,
    /// What it says.
    text: &'a str,
}

/// Every version of a policy that a program binds.
#[utoipa::path(get, path = "/v1/policies", tag = "policies", operation_id = "list-policies",
    summary = "List the loaded policies",
    params(("Accept-Language" = Option<String>, Header, description = "The language of names: zh-Hans, zh-Hant or en.")),
    responses(
        (status = 200, description = "The policies.", body = Policies),
        (status = 503, description = "They are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub async fn list(State(app): State<App>, language: Reads) -> Result<Response, Problem> {
    let (programs, entities) = (app.programs.get().ok_or_else(not_ready)?, app.store.entities());
    let body = |policy| describe(&app, programs, &entities, policy, language.0);
    let items = programs.policies().iter().map(|policy| body(policy)).collect();
    Ok((language, Json(Policies { items })).into_response())
}

/// What each loaded version of a policy declares.
#[utoipa::path(get, path = "/v1/policies/{policy}", tag = "policies", operation_id = "get-policy",
    summary = "Read what a policy declares",
    params(
        ("policy" = String, Path, description = "Its id."),
        ("Accept-Language" = Option<String>, Header, description = "The language of labels: zh-Hans, zh-Hant or en."),
    ),
    responses(
        (status = 200, description = "Its versions.", body = Vec<DetailBody>),
        (status = 404, description = "No program binds a policy with this id.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The policies are not loaded yet.",
            body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub async fn get(
    State(app): State<App>,
    Id(id): Id<PolicyId>,
    language: Reads,
) -> Result<Response, Problem> {
    let (programs, entities) = (app.programs.get().ok_or_else(not_ready)?, app.store.entities());
    let versions = programs.policies().iter().filter(|policy| policy.manifest.id == id.as_str());
    let body = |policy| {
        detail(describe(&app, programs, &entities, policy, language.0), policy, language.0)
    };
    let details: Vec<_> = versions.map(|policy| body(policy)).collect();
    if details.is_empty() {
        return Err(Problem::not_found(format!("No program binds a policy with the id \"{id}\".")));
    }
    Ok((language, Json(details)).into_response())
}

fn describe<'a>(
    app: &App,
    programs: &'a Programs,
    entities: &Entities,
    policy: &'a Policy,
    language: Language,
) -> PolicyBody<'a> {
    let manifest = &policy.manifest;
    let mut bindings = Vec::new();
    for program in programs.all().flat_map(Program::steps) {
        let today = program.today(entities, (app.clock)());
        for (binding, in_force) in program.bindings_on(today) {
            if binding.policy.as_str() == manifest.id && binding.version == manifest.version {
                bindings.push(BindingBody {
                    program: program.laid_down.id.as_str(),
                    city: binding.city.as_ref().map(|city| city.as_str()),
                    from: binding.from.to_string(),
                    in_force,
                });
            }
        }
    }
    PolicyBody {
        policy: &manifest.id,
        version: &manifest.version,
        name: manifest.name.get(language),
        kind: manifest.kind,
        digest: &policy.digest,
        bytes: policy.size,
        contract: &policy.contract,
        imports: &policy.imports,
        bindings,
    }
}

fn detail<'a>(body: PolicyBody<'a>, policy: &'a Policy, language: Language) -> DetailBody<'a> {
    let manifest = &policy.manifest;
    let fact = |fact: &'a concord_contract::manifest::Fact| FactBody {
        subject: fact.subject.as_str(),
        fact: &fact.name,
        label: fact.label.get(language),
        columns: columns(manifest, &fact.shape),
        shape: shape(&fact.shape),
    };
    let parameter = |parameter: &'a concord_contract::manifest::Parameter| ParameterBody {
        parameter: &parameter.name,
        label: parameter.label.get(language),
        source: &parameter.sources,
        columns: columns(manifest, &parameter.shape),
        shape: shape(&parameter.shape),
    };
    let clause = |clause: &'a concord_contract::manifest::Clause| ClauseBody {
        clause: &clause.id,
        group: &clause.group,
        citation: &clause.citation,
        source: &clause.source,
        title: clause.title.get(language),
    };
    let promise = |promise: &'a concord_contract::manifest::Promise| PromiseBody {
        promise: &promise.id,
        property: promise.property.key(),
        about: promise.property.about(manifest),
        text: promise.text.get(language),
    };
    DetailBody {
        policy: body,
        facts: manifest.facts.iter().map(fact).collect(),
        parameters: manifest.parameters.iter().map(parameter).collect(),
        clauses: manifest.clauses.iter().map(clause).collect(),
        promises: manifest.promises.iter().map(promise).collect(),
    }
}

fn shape(shape: &Shape) -> &'static str {
    match shape {
        Shape::One(_) => "one",
        Shape::List(_) => "list",
        Shape::Table(_) => "table",
    }
}

fn columns<'a>(manifest: &'a Manifest, shape: &'a Shape) -> Vec<ColumnBody<'a>> {
    let body = |name: Option<&'a str>, column: &'a Column| {
        let choices = manifest.options(column);
        let options = choices.map(|choices| choices.options.keys().map(String::as_str).collect());
        let bound = |bound: &Value| bound.text(column.unit.as_deref()).to_string();
        ColumnBody {
            column: name,
            ty: column.ty,
            unit: column.unit.as_deref(),
            min: column.min.as_ref().map(bound),
            max: column.max.as_ref().map(bound),
            options: options.unwrap_or_default(),
            open: choices.is_some_and(|choices| choices.open),
        }
    };
    match shape {
        Shape::One(column) | Shape::List(column) => vec![body(None, column)],
        Shape::Table(columns) => {
            columns.iter().map(|(name, column)| body(Some(name), column)).collect()
        }
    }
}
