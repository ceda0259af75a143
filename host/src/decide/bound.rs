//! A policy under one binding: everything that a ruling needs and that does not depend on the case.

use std::collections::BTreeMap;
use std::sync::Arc;

use concord_contract::manifest::{Manifest, read_parameter};
use concord_contract::path;
use concord_contract::place;
use concord_contract::raw::Raw;
use concord_contract::value::Cell;
use indexmap::IndexMap;
use serde_json::Value;

use super::messages::Messages;
use super::names::Names;
use super::receipt::lay_out;
use super::vocabulary::Vocabulary;
use crate::domain::fault::Fault;
use crate::domain::ids::{CityId, FundId};
use crate::domain::program::{Binding, GrantKind, Program};
use crate::engine::{Policy, Slot};

/// A policy under one binding.
#[derive(Debug)]
pub struct Bound {
    /// The city whose rules these are.
    pub city: Option<CityId>,
    /// The policy.
    pub policy: Arc<Policy>,
    /// Its parameters, in the order of its manifest.
    pub parameters: Arc<[Cell]>,
    /// Its parameters as a receipt has them.
    pub(super) laid_out: BTreeMap<String, Value>,
    /// Where each of its facts stands in the program's vocabulary.
    pub slots: Arc<[Slot]>,
    /// The funds behind those that it declares.
    pub funds: Vec<FundId>,
    /// Its clauses' texts.
    pub messages: Messages,
    /// What its facts and parameters are called.
    pub names: Names,
}

impl Bound {
    /// A policy with what a binding gives it, within a vocabulary that has its facts.
    pub(super) fn new(
        policy: &Arc<Policy>,
        city: Option<CityId>,
        parameters: Arc<[Cell]>,
        funds: Vec<FundId>,
        vocabulary: &Vocabulary,
    ) -> Result<Bound, Vec<Fault>> {
        let manifest = &policy.manifest;
        let messages = Messages::make(manifest, &parameters).map_err(|faults| {
            let of_policy = |fault: Fault| {
                let message = format!("{}: {}", place::dotted(&fault.path), fault.message);
                Fault::new(path!["policy"], message)
            };
            faults.into_iter().map(of_policy).collect::<Vec<_>>()
        })?;
        let laid_out = lay_out(&manifest.parameters, &parameters)
            .map_err(|error| vec![Fault::new(path!["parameters"], error.to_string())])?;
        Ok(Bound {
            city,
            policy: policy.clone(),
            laid_out,
            parameters,
            slots: vocabulary.slots(manifest),
            funds,
            messages,
            names: Names::of(manifest),
        })
    }
}

/// The parameters under a binding: what it sets, and the policy's defaults for the rest.
pub(super) fn parameters(
    manifest: &Manifest,
    set: &IndexMap<String, Raw>,
) -> Result<Arc<[Cell]>, Vec<Fault>> {
    let mut faults = Vec::new();
    for name in set.keys() {
        if !manifest.parameters.iter().any(|parameter| parameter.name == *name) {
            let known: Vec<_> =
                manifest.parameters.iter().map(|known| known.name.as_str()).collect();
            let message =
                format!("{} has no parameter \"{name}\"; it has {}", manifest.id, known.join(", "));
            faults.push(Fault::new(path!["parameters", name], message));
        }
    }
    let mut cells = Vec::new();
    for parameter in &manifest.parameters {
        let Some(raw) = set.get(&parameter.name) else {
            cells.push(parameter.default.clone());
            continue;
        };
        match read_parameter(raw, &parameter.shape, &manifest.choices) {
            Ok(cell) => cells.push(cell),
            Err((below, message)) => {
                let at = [path!["parameters", &parameter.name], below].concat();
                faults.push(Fault::new(at, message));
            }
        }
    }
    if faults.is_empty() { Ok(cells.into()) } else { Err(faults) }
}

/// The funds behind those that the policy declares, in its order.
pub(super) fn funds(
    manifest: &Manifest,
    granted: &IndexMap<String, FundId>,
) -> Result<Vec<FundId>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut funds = Vec::new();
    for declared in &manifest.registry.funds {
        match granted.get(&declared.name) {
            Some(fund) => funds.push(fund.clone()),
            None => {
                let message = format!(
                    "{} reads the fund \"{}\"; expected funds.{} = \"…\", the fund that is granted to it",
                    manifest.id, declared.name, declared.name
                );
                faults.push(Fault::new(path!["funds"], message));
            }
        }
    }
    for name in granted.keys() {
        if !manifest.registry.funds.iter().any(|declared| declared.name == *name) {
            let message = format!("{} declares no fund \"{name}\"", manifest.id);
            faults.push(Fault::new(path!["funds", name], message));
        }
    }
    if faults.is_empty() { Ok(funds) } else { Err(faults) }
}

/// What a binding grants otherwise than the policy asks for, and whether the policy is of the program's kind.
pub(super) fn grants(manifest: &Manifest, program: &Program, binding: &Binding) -> Vec<Fault> {
    let mut faults = Vec::new();
    let registry = &manifest.registry;
    let wants = [
        (GrantKind::Awards, "awards", !registry.awards.is_empty()),
        (GrantKind::Listed, "listed", !registry.listed.is_empty()),
        (GrantKind::Agreed, "agreed", !registry.agreed.is_empty()),
    ];
    for (grant, name, wanted) in wants {
        let granted = binding.grants.contains(&grant);
        if wanted && !granted {
            let message = format!(
                "{} reads registry.{name}; expected \"{name}\" among the grants",
                manifest.id
            );
            faults.push(Fault::new(path!["grants"], message));
        }
        if granted && !wanted {
            let message =
                format!("{} declares no registry.{name}; it need not be granted", manifest.id);
            faults.push(Fault::new(path!["grants"], message));
        }
    }
    if manifest.kind != program.kind {
        let (policy, program) = (manifest.kind.as_str(), program.kind.as_str());
        let message =
            format!("{} is a {policy} policy; the program is of kind {program}", manifest.id);
        faults.push(Fault::new(path!["policy"], message));
    }
    faults
}
