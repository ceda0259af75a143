//! A decision written out: what HTTP answers and the command line prints.

use std::collections::HashSet;
use std::ops::Range;

use concord_contract::language::Language;
use concord_contract::manifest::Scope;
use concord_contract::{Money, Subject, Truth};

use super::body::{
    AwardBody, CityAwardBody, ClauseBody, DecisionBody, EntitlementBody, GrantBody, ItemBody,
    NoteBody, ReadBody, ReadOf, RulingBody, ScoreBody, ShareBody, Shown,
};
use super::decision::{Decision, Ruling};
use super::fold::{FoldedClause, Part};
use super::names::Label;
use crate::domain::ids::CityId;
use crate::domain::outcome::Outcome;
use crate::engine::{Cause, Grant, Read};

/// Writes a decision out in a language.
#[must_use]
pub fn explain(decision: &Decision, language: Language) -> DecisionBody<'_> {
    DecisionBody {
        program: decision.program.laid_down.id.as_str(),
        as_of: decision.as_of.to_string(),
        outcome: decision.outcome,
        cause: decision.cause,
        award: award_body(decision),
        awards: awards_body(decision),
        withheld: decision.withheld,
        rulings: decision.rulings.iter().map(|ruling| explain_ruling(ruling, language)).collect(),
    }
}

/// The award, with what each city pays.
pub(super) fn award_body(decision: &Decision) -> Option<AwardBody<'_>> {
    decision.award.as_ref().map(|award| AwardBody {
        amount: award.amount.to_string(),
        currency: award.amount.currency.code(),
        shares: award
            .shares
            .iter()
            .map(|(city, share)| ShareBody { city: city.as_str(), amount: share.to_string() })
            .collect(),
    })
}

/// What each city awards by itself.
pub(super) fn awards_body(decision: &Decision) -> Vec<CityAwardBody<'_>> {
    decision.awards.iter().map(city_award).collect()
}

fn city_award((city, award): &(CityId, Money)) -> CityAwardBody<'_> {
    let (amount, currency) = (award.to_string(), award.currency.code());
    CityAwardBody { city: city.as_str(), amount, currency }
}

/// Writes a ruling out in a language.
#[must_use]
pub fn explain_ruling(ruling: &Ruling, language: Language) -> RulingBody<'_> {
    let policy = &ruling.bound.policy;
    let manifest = &policy.manifest;
    let clauses = ruling.clauses.iter().enumerate();
    RulingBody {
        city: ruling.bound.city.as_ref().map(|city| city.as_str()),
        policy: &manifest.id,
        version: &manifest.version,
        digest: &policy.digest,
        outcome: ruling.outcome,
        cause: ruling.cause,
        detail: ruling.report.failure.as_ref().map(|failure| failure.detail.as_str()),
        fuel: ruling.report.fuel,
        missing: missing(ruling),
        // What a refused case would have been granted is not due, and would be read as if it were.
        grant: grant(ruling, language).filter(|_| ruling.outcome != Outcome::Ineligible),
        clauses: clauses.filter_map(|(at, folded)| clause(ruling, at, folded, language)).collect(),
        notes: notes(ruling, language),
    }
}

/// The facts that undetermined clauses asked for and that are not known, each once.
#[must_use]
pub fn missing(ruling: &Ruling) -> Vec<Label<'_>> {
    let parts = ruling.clauses.iter().flat_map(|clause| &clause.parts);
    let open = parts.filter(|part| part.truth == Truth::Undetermined);
    let missing = unknown(ruling, open.map(|part| &part.reads));
    if missing.is_empty() && ruling.cause == Some(Cause::MissingFact) {
        return unknown(ruling, ruling.report.grant_reads.iter());
    }
    missing
}

/// Where in the case what was read and is not known stands, each once. An id, by which something on record is
/// looked up, is named only where no fact is missing: many policies go by the record or by what is declared.
fn unknown<'a>(
    ruling: &'a Ruling,
    ranges: impl Iterator<Item = &'a Range<usize>>,
) -> Vec<Label<'a>> {
    let unknown: Vec<_> = once(ruling, ranges).filter(|read| !ruling.known(read)).collect();
    let facts: Vec<_> = unknown.iter().filter_map(|read| path_of(ruling, read)).collect();
    if facts.is_empty() { unknown.into_iter().filter_map(id_of).collect() } else { facts }
}

fn clause<'a>(
    ruling: &'a Ruling,
    at: usize,
    folded: &FoldedClause,
    language: Language,
) -> Option<ClauseBody<'a>> {
    let declared = ruling.bound.policy.manifest.clauses.get(at)?;
    let texts = ruling.bound.messages.clause(language, at)?;
    let message = if folded.truth == Truth::Unmet { &texts.unmet } else { &texts.title };
    let of_case = folded.parts.first().filter(|part| part.item.is_none());
    let subject = match declared.scope {
        Scope::Case => None,
        Scope::Each(subject) | Scope::Some(subject) => Some(subject),
    };
    let item = |part: &Part| {
        Some(ItemBody {
            item: Label::item(subject?, part.item?),
            truth: part.truth,
            cause: part.cause,
            read: reads(ruling, [&part.reads]),
        })
    };
    Some(ClauseBody {
        clause: &declared.id,
        truth: folded.truth,
        cause: folded.cause,
        group: &declared.group,
        message,
        citation: &declared.citation,
        read: of_case.map(|part| reads(ruling, [&part.reads])).unwrap_or_default(),
        items: folded.parts.iter().filter_map(item).collect(),
    })
}

/// What most clauses read.
const FEW: usize = 8;

fn reads<'a, 'r>(
    ruling: &'a Ruling,
    ranges: impl IntoIterator<Item = &'r Range<usize>>,
) -> Vec<ReadBody<'a>> {
    let mut reads = Vec::with_capacity(FEW);
    reads.extend(once(ruling, ranges.into_iter()).filter_map(|read| show(ruling, read)));
    reads
}

/// What was read in these ranges, each thing once.
fn once<'a, 'r>(
    ruling: &'a Ruling,
    ranges: impl Iterator<Item = &'r Range<usize>>,
) -> impl Iterator<Item = &'a Read> {
    let mut seen = Seen::default();
    let all = ranges.flat_map(|range| ruling.report.reads.get(range.clone()).unwrap_or_default());
    all.filter(move |read| seen.is_new(**read))
}

/// What came before: looked through while it is little, as it is in all but strange policies, and hashed
/// from there on.
#[derive(Default)]
struct Seen {
    few: [Option<Read>; 24],
    more: HashSet<Read>,
}

impl Seen {
    fn is_new(&mut self, read: Read) -> bool {
        for place in &mut self.few {
            match place {
                Some(before) if *before == read => return false,
                Some(_) => {}
                None => {
                    *place = Some(read);
                    return true;
                }
            }
        }
        self.more.insert(read)
    }
}

fn show<'a>(ruling: &'a Ruling, read: &Read) -> Option<ReadBody<'a>> {
    let what = match *read {
        Read::Fact { .. } | Read::Rows { .. } | Read::Count(_) | Read::AsOf => {
            ReadOf::Fact(path_of(ruling, read)?)
        }
        Read::Parameter { parameter, row } => {
            ReadOf::Parameter(ruling.bound.names.parameter(parameter)?.in_row(row))
        }
        Read::Available(fund) => ReadOf::Fund(ruling.bound.funds.get(fund as usize)?.as_str()),
        Read::Awards(subject, item) => ReadOf::Registry(Label::record("awards", subject, item)),
        Read::Listed(subject, item) => ReadOf::Registry(Label::record("listed", subject, item)),
        Read::Agreed(subject, item) => ReadOf::Registry(Label::record("agreed", subject, item)),
    };
    Some(ReadBody { what, value: value_of(ruling, read) })
}

/// The value that was read.
pub(super) fn value_of<'a>(ruling: &'a Ruling, read: &Read) -> Shown<'a> {
    let (dossier, names) = (&ruling.dossier, &ruling.bound.names);
    let standing = |subject, item| dossier.item(subject, item)?.standing.as_deref();
    let shown = match *read {
        Read::Fact { item, fact, row } => {
            let unit = names.fact(fact).and_then(|name| name.unit.as_deref());
            ruling.fact(item, fact, row).map(|value| Shown::Value(value, unit))
        }
        Read::Rows { item, fact } => ruling.rows(item, fact).map(Shown::Count),
        Read::Count(subject) => dossier.facts.items(subject).map(|items| Shown::Count(items.len())),
        Read::AsOf => Some(Shown::Date(dossier.as_of)),
        Read::Parameter { parameter, row } => names.parameter(parameter).and_then(|name| {
            let cell = dossier.parameters.get(name.position)?;
            Some(Shown::Value(cell.get(row as usize, name.column)?, name.unit.as_deref()))
        }),
        Read::Available(fund) => {
            dossier.funds.get(fund as usize).copied().flatten().map(Shown::Money)
        }
        Read::Awards(subject, item) => {
            standing(subject, item).map(|standing| Shown::Awards(&standing.awards))
        }
        Read::Listed(subject, item) => {
            standing(subject, item).map(|standing| Shown::Flag(standing.listed))
        }
        Read::Agreed(subject, item) => {
            standing(subject, item).map(|standing| Shown::Flag(standing.agreed))
        }
    };
    shown.unwrap_or_default()
}

/// Where in the case something was read: `parties/0/city`, or `parties` for their count.
fn path_of<'a>(ruling: &'a Ruling, read: &Read) -> Option<Label<'a>> {
    let name = |fact| ruling.bound.names.fact(fact);
    match *read {
        Read::Fact { item, fact, row } => name(fact).map(|name| name.path(item, row)),
        Read::Rows { item, fact } => name(fact).map(|name| name.of_item(item)),
        Read::Count(subject) => Some(Label::word(subject.as_str())),
        Read::AsOf => Some(Label::word("as_of")),
        _ => None,
    }
}

/// Where in the case the id stands by which something on record is looked up: `parties/0/id`.
fn id_of<'a>(read: &Read) -> Option<Label<'a>> {
    match *read {
        Read::Awards(subject, item) | Read::Listed(subject, item) | Read::Agreed(subject, item) => {
            Some(Label::id(subject, item))
        }
        _ => None,
    }
}

/// What a policy proposed to grant, whatever came of the case.
#[must_use]
pub fn grant(ruling: &Ruling, language: Language) -> Option<GrantBody<'_>> {
    let (manifest, grant) = (&ruling.bound.policy.manifest, &ruling.report.grant);
    let entitlement = |index: u32, due: Truth, amount: Option<Money>| {
        let declared = manifest.entitlements.get(index as usize)?;
        let label = declared.label.get(language);
        Some(EntitlementBody { entitlement: &declared.name, label, due, amount })
    };
    let in_kind = grant.entitled.iter().map(|(index, due)| entitlement(*index, *due, None));
    let of_worth = grant.entitled_to.iter().map(|(index, amount)| {
        let due = if amount.is_some() { Truth::Met } else { Truth::Undetermined };
        entitlement(*index, due, *amount)
    });
    let tier = grant.tier.flatten().and_then(|tier| manifest.tiers.get(tier as usize));
    let scores = grant.scores.iter().filter_map(|(index, value)| {
        let criterion = manifest.criteria.get(*index as usize)?.name.as_str();
        Some(ScoreBody { criterion, value: value.map(|value| value.to_string()) })
    });
    let nothing = grant == &Grant::default();
    let body = GrantBody {
        amount: grant.amount.flatten(),
        tier: tier.map(|tier| tier.name.as_str()),
        entitlements: in_kind.chain(of_worth).flatten().collect(),
        scores: scores.collect(),
        affinity: grant.affinity.flatten().map(|affinity| affinity.to_string()),
        read: reads(ruling, &ruling.report.grant_reads),
    };
    (!nothing).then_some(body)
}

fn notes(ruling: &Ruling, language: Language) -> Vec<NoteBody<'_>> {
    let manifest = &ruling.bound.policy.manifest;
    let body = |(note, item): &(u32, Option<u32>)| {
        let declared = manifest.notes.get(*note as usize)?;
        let item = item.map(|item| Label::item(Subject::Parties, item));
        Some(NoteBody { note: &declared.name, item, message: declared.label.get(language) })
    };
    ruling.report.notes.iter().filter_map(body).collect()
}
