//! What an application must be before it is decided, the first time and again.

use concord_contract::{Date, Kind, Subject, path};

use super::ApplyError;
use crate::decide::{Program, overridden};
use crate::domain::application::Beneficiary;
use crate::domain::case::Case;
use crate::domain::entities::Entities;
use crate::domain::entity::{Entity, EntityKind, Voucher};
use crate::domain::fault::Fault;

/// Rounds and matches have their own ways in.
pub(super) fn takes_applications(program: &Program) -> Result<(), ApplyError> {
    let (id, kind) = (&program.laid_down.id, program.laid_down.kind);
    let other = match kind {
        Kind::Funding | Kind::Voucher | Kind::Talent => return Ok(()),
        Kind::Selection => "takes entries in rounds",
        Kind::Matching => "matches supply to demand",
    };
    Err(ApplyError::TakesNone(format!("{id} {other}, and takes no applications")))
}

/// An application goes by what is on record, and a voucher that is redeemed must be on record itself.
pub(super) fn check(
    program: &Program,
    case: &Case,
    entities: &Entities,
    on: Date,
) -> Result<(), ApplyError> {
    let edition = program.edition(on).map_err(|fault| ApplyError::Faults(vec![fault]))?;
    let overridden = overridden(case, edition, entities);
    if !overridden.is_empty() {
        return Err(ApplyError::Overridden(overridden));
    }
    let laid_down = &program.laid_down;
    let by_voucher = laid_down.kind == Kind::Voucher && laid_down.fund.is_none();
    if by_voucher && ids(case, Subject::Voucher).next().is_none() {
        let message = "found no id; a voucher that is redeemed must be on record";
        return Err(ApplyError::Faults(vec![Fault::new(path!["voucher", "id"], message)]));
    }
    Ok(())
}

/// Whom an award is on record of: a voucher's holder; else everyone that the case names, and the project.
pub(super) fn beneficiaries(case: &Case, entities: &Entities) -> Vec<Beneficiary> {
    if let Some(voucher) = voucher(case, entities) {
        return vec![Beneficiary::of(EntityKind::Organisation, voucher.holder.as_str())];
    }
    let subjects = [Subject::Project, Subject::Parties, Subject::Talent];
    let named = subjects.into_iter().flat_map(|subject| {
        ids(case, subject).map(move |id| Beneficiary::of(EntityKind::behind(subject), id))
    });
    named.collect()
}

fn voucher<'a>(case: &Case, entities: &'a Entities) -> Option<&'a Voucher> {
    match entities.get(EntityKind::Voucher, ids(case, Subject::Voucher).next()?)?.as_ref() {
        Entity::Voucher(voucher) => Some(voucher),
        _ => None,
    }
}

fn ids(case: &Case, subject: Subject) -> impl Iterator<Item = &str> {
    let items = case.items(subject).unwrap_or_default();
    items.iter().filter_map(|item| item.id.as_deref())
}
