//! What stands behind one instance while it runs.

use std::ops::Range;
use std::sync::Arc;

use concord_contract::Subject;
use concord_contract::value::Type;

use super::dossier::Dossier;
use super::limits::{Limiter, Limits};
use super::report::{Cause, ClauseReport, Failure, Read, Report};

/// What a policy declared, laid out for quick checks.
#[derive(Debug)]
pub(super) struct Tables {
    /// What each fact index stands for.
    pub(super) facts: Vec<FactIndex>,
    /// What each parameter index stands for.
    pub(super) parameters: Vec<ParameterIndex>,
    /// Of each clause, the subject whose items it is asked of.
    pub(super) clauses: Vec<Option<Subject>>,
    pub(super) funds: usize,
    pub(super) notes: usize,
    pub(super) entitlements: usize,
    pub(super) tiers: usize,
    pub(super) criteria: usize,
    pub(super) awards: Vec<Subject>,
    pub(super) listed: Vec<Subject>,
    pub(super) agreed: Vec<Subject>,
    /// The cities that prior awards are told to be paid by.
    pub(super) payers: Vec<String>,
}

#[derive(Debug)]
pub(super) struct FactIndex {
    pub(super) subject: Subject,
    pub(super) ty: Type,
    /// The options of a choice.
    pub(super) options: Vec<String>,
}

#[derive(Debug)]
pub(super) struct ParameterIndex {
    pub(super) parameter: usize,
    pub(super) column: usize,
    pub(super) ty: Type,
    pub(super) options: Vec<String>,
}

/// The data of one instance's store.
pub(super) struct State {
    pub(super) tables: Arc<Tables>,
    pub(super) dossier: Arc<Dossier>,
    pub(super) report: Report,
    /// Up to where the reads belong to a report already.
    mark: usize,
    limiter: Limiter,
}

/// How much one run may read and report before it counts as runaway.
const READS: usize = 100_000;

impl State {
    pub(super) fn new(tables: Arc<Tables>, dossier: Arc<Dossier>, limits: &Limits) -> State {
        let report = Report {
            clauses: Vec::with_capacity(tables.clauses.len() * 2),
            reads: Vec::with_capacity(64),
            ..Report::default()
        };
        let limiter = Limiter { memory: limits.memory };
        State { tables, dossier, report, mark: 0, limiter }
    }

    pub(super) fn limiter(&mut self) -> &mut dyn wasmtime::ResourceLimiter {
        &mut self.limiter
    }

    /// What it reported. Reads that no report followed can only have been for what was granted.
    pub(super) fn into_report(mut self) -> Report {
        let rest = self.reads_since();
        self.report.grant_reads.push(rest);
        self.report
    }

    /// What was read since the report before.
    pub(super) fn reads_since(&mut self) -> Range<usize> {
        let since = self.mark..self.report.reads.len();
        self.mark = since.end;
        since
    }

    pub(super) fn read(&mut self, read: Read) -> Result<(), Failure> {
        if self.report.reads.len() >= READS {
            return Err(Failure::new(
                Cause::Fuel,
                format!("the policy read more than {READS} values"),
            ));
        }
        self.report.reads.push(read);
        Ok(())
    }

    pub(super) fn report_clause(&mut self, report: ClauseReport) -> Result<(), Failure> {
        let key = (report.clause, report.item);
        if self.report.clauses.iter().any(|before| (before.clause, before.item) == key) {
            let detail = format!("the policy reported clause {} twice", report.clause);
            return Err(Failure::new(Cause::ClauseTwice, detail));
        }
        self.report.clauses.push(report);
        Ok(())
    }
}

/// The failure of an index that was not declared.
pub(super) fn bad_index(what: &str, index: u32, declared: usize) -> Failure {
    let detail = format!("the policy asked for {what} {index}; it declared {declared}");
    Failure::new(Cause::BadIndex, detail)
}
