//! What a policy may ask for and give, in one place: checked when it is loaded, and kept while it runs.

use concord_contract::manifest::Manifest;
use concord_contract::{Kind, Money, Truth};

use super::report::{Cause, Failure};
use super::state::{State, bad_index};
use super::wit::types;

/// Whether a policy with this manifest may import this function; if not, the reason.
pub(super) fn may_import(
    manifest: &Manifest,
    interface: &str,
    function: &str,
) -> Result<(), String> {
    let registry = &manifest.registry;
    let undeclared = match (interface, function) {
        ("registry", "available") => registry.funds.is_empty().then_some("funds"),
        ("registry", "awards" | "award") => registry.awards.is_empty().then_some("awards"),
        ("registry", "listed") => registry.listed.is_empty().then_some("listed"),
        ("registry", "agreed") => registry.agreed.is_empty().then_some("agreed"),
        _ => None,
    };
    match undeclared {
        None => Ok(()),
        Some(key) => Err(format!(
            "it imports {interface}.{function}, but its policy.toml declares no registry.{key}"
        )),
    }
}

/// Whether a policy of this kind may import this interface.
pub(super) fn is_of_kind(kind: Kind, interface: &str) -> bool {
    ["types", "dossier", "ruling", "registry", kind.as_str()].contains(&interface)
}

/// Sets what may be granted once.
pub(super) fn once<T>(slot: &mut Option<T>, value: T, what: &str) -> Result<(), Failure> {
    if slot.is_some() {
        return Err(Failure::new(Cause::GrantTwice, format!("the policy granted {what} twice")));
    }
    *slot = Some(value);
    Ok(())
}

impl State {
    pub(super) fn grant_amount(
        &mut self,
        what: &str,
        amount: Option<types::Money>,
    ) -> Result<(), Failure> {
        self.read_for_grant();
        let amount = self.money(amount)?;
        once(&mut self.report.grant.amount, amount, what)
    }

    pub(super) fn entitle_in_kind(
        &mut self,
        entitlement: u32,
        due: types::Truth,
    ) -> Result<(), Failure> {
        self.read_for_grant();
        self.check_entitlement(entitlement)?;
        self.report.grant.entitled.insert(entitlement, Truth::from(due));
        Ok(())
    }

    pub(super) fn entitle_amount(
        &mut self,
        entitlement: u32,
        amount: Option<types::Money>,
    ) -> Result<(), Failure> {
        self.read_for_grant();
        self.check_entitlement(entitlement)?;
        let amount = self.money(amount)?;
        self.report.grant.entitled_to.insert(entitlement, amount);
        Ok(())
    }

    /// Takes what was read since the report before for what the grant rests on.
    pub(super) fn read_for_grant(&mut self) {
        let reads = self.reads_since();
        self.report.grant_reads.push(reads);
    }

    /// An amount that may be granted: not negative, and in the fund's currency.
    fn money(&self, amount: Option<types::Money>) -> Result<Option<Money>, Failure> {
        let Some(amount) = amount else { return Ok(None) };
        let money = Money::try_from(amount)?;
        match self.dossier.currency {
            Some(currency) if currency != money.currency => {
                let (granted, fund) = (money.currency.code(), currency.code());
                let detail =
                    format!("the policy granted money in {granted}; the fund is in {fund}");
                Err(Failure::new(Cause::Currency, detail))
            }
            _ => Ok(Some(money)),
        }
    }

    fn check_entitlement(&self, entitlement: u32) -> Result<(), Failure> {
        if entitlement as usize >= self.tables.entitlements {
            return Err(bad_index("entitlement", entitlement, self.tables.entitlements));
        }
        let grant = &self.report.grant;
        if grant.entitled.contains_key(&entitlement) || grant.entitled_to.contains_key(&entitlement)
        {
            let detail = format!("the policy granted entitlement {entitlement} twice");
            return Err(Failure::new(Cause::GrantTwice, detail));
        }
        Ok(())
    }
}
