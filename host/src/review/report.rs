//! Results of sample cases, written out.

use comfy_table::{CellAlignment, Table, presets};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use super::suite::{CaseResult, SuiteResult};

/// A table for people: a row for each suite, then every difference.
#[must_use]
pub fn table(suites: &[SuiteResult]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "suite",
        "cases",
        "eligible",
        "ineligible",
        "undetermined",
        "passed",
        "failed",
    ]);
    for suite in suites {
        let count = |test: &dyn Fn(&CaseResult) -> bool| {
            suite.cases.iter().filter(|case| test(case)).count().to_string()
        };
        let of = |word: &str| {
            count(&|case| case.outcome().is_some_and(|outcome| outcome.as_str() == word))
        };
        table.add_row([
            suite.name.clone(),
            suite.cases.len().to_string(),
            of("eligible"),
            of("ineligible"),
            of("undetermined"),
            count(&CaseResult::passed),
            count(&|case| !case.passed()),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = table.to_string();
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let failed = cases().filter(|case| !case.passed()).count();
    let passed = cases().count() - failed;
    text.push_str(&format!("\n{passed} passed, {failed} failed"));
    for suite in suites {
        for case in suite.cases.iter().filter(|case| !case.passed()) {
            text.push_str(&format!(
                "\n\nFAILED {} · {}\n  {}",
                suite.name,
                case.name,
                case.file.display()
            ));
            for difference in &case.differences {
                text.push_str(&format!("\n  {difference}"));
            }
        }
    }
    text
}

/// The same as JSON.
#[must_use]
pub fn as_json(suites: &[SuiteResult]) -> Value {
    let case = |case: &CaseResult| {
        json!({
            "file": case.file,
            "name": case.name,
            "passed": case.passed(),
            "outcome": case.outcome(),
            "differences": case.differences,
            "microseconds": u64::try_from(case.took.as_micros()).unwrap_or(u64::MAX),
        })
    };
    let suite = |suite: &SuiteResult| {
        json!({
            "suite": suite.name,
            "passed": suite.passed(),
            "cases": suite.cases.iter().map(case).collect::<Vec<_>>(),
        })
    };
    json!({
        "passed": suites.iter().all(SuiteResult::passed),
        "suites": suites.iter().map(suite).collect::<Vec<_>>(),
    })
}

/// The same as JUnit XML, for machines that watch tests.
pub fn junit(suites: &[SuiteResult]) -> Result<String, quick_junit::SerializeError> {
    let mut report = quick_junit::Report::new("concord review test");
    for suite in suites {
        let mut test_suite = TestSuite::new(&suite.name);
        for case in &suite.cases {
            let status = if case.passed() {
                TestCaseStatus::success()
            } else {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(case.differences.join("\n"));
                status
            };
            let mut test_case = TestCase::new(&case.name, status);
            test_case.set_classname(case.file.display().to_string());
            test_case.set_time(case.took);
            test_suite.add_test_case(test_case);
        }
        report.add_test_suite(test_suite);
    }
    report.to_string()
}
