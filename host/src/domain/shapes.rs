//! How values of the contract look in a document, for the description of the API. None is ever made.

use utoipa::ToSchema;

/// One text in each language; none may be missing.
#[derive(ToSchema)]
#[schema(as = Texts)]
pub struct TextsShape {
    /// Simplified Chinese.
    #[schema(rename = "zh-Hans", example = "广州")]
    pub zh_hans: String,
    /// Traditional Chinese.
    #[schema(rename = "zh-Hant", example = "廣州")]
    pub zh_hant: String,
    /// English.
    #[schema(example = "Guangzhou")]
    pub en: String,
}

/// Money.
#[derive(ToSchema)]
#[schema(as = Money)]
pub struct MoneyShape {
    /// In major units, with no more digits behind the point than the currency has.
    #[schema(example = "1500000.00")]
    pub amount: String,
    /// By ISO 4217.
    #[schema(example = "CNY")]
    pub currency: String,
}

/// A kind of policy.
#[derive(ToSchema)]
#[schema(as = Kind, rename_all = "kebab-case")]
pub enum KindShape {
    /// Money or entitlements of a fund.
    Funding,
    /// What a voucher pays of an order.
    Voucher,
    /// A tier and entitlements for a person.
    Talent,
    /// Marks of an entry.
    Selection,
    /// How well a supply fits a demand.
    Matching,
}

/// A case: a date, and the subjects that facts are about. Which facts a program's policies read, and of
/// which type, is in `/v1/policies`.
#[derive(ToSchema)]
#[schema(as = Case, example = json!({
    "as_of": "2026-11-01",
    "project": { "trl": 5, "sector": "new-generation-it", "funded_elsewhere": false,
        "requested": { "amount": "1500000.00", "currency": "CNY" } },
    "parties": [{ "role": "lead", "id": "gz-sample-optics" }, { "role": "partner", "id": "fs-sample-robotics" }],
}))]
pub struct CaseShape {
    /// The date to judge it on; today in the program's first city if it is not given.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub as_of: Option<String>,
    /// What the parties ask the program to support: facts by name, and `id` for a stored project.
    pub project: Option<Object>,
    /// The organisations that take part: facts by name, and `id` for a stored organisation.
    #[schema(nullable = false)]
    pub parties: Option<Vec<Object>>,
    /// The person: facts by name, and `id` for a stored talent.
    pub talent: Option<Object>,
    /// The voucher: facts by name, and `id` for a stored voucher.
    pub voucher: Option<Object>,
    /// The service ordered: facts by name, and `id` for the stored resource that gives it.
    pub order: Option<Object>,
    /// An entry in a contest: facts by name, and `id` for a stored project.
    pub entry: Option<Object>,
    /// What is offered: facts by name, and `id` for a stored project.
    pub supply: Option<Object>,
    /// What is looked for: facts by name, and `id` for a stored project.
    pub demand: Option<Object>,
}

/// The entries of a round.
#[derive(ToSchema)]
#[schema(as = Entries, example = json!({
    "as_of": "2026-11-01",
    "entries": [{ "name": "E-001", "entry": { "id": "sample-project" }, "marks": { "performance": ["88", "91.5"] } }],
}))]
pub struct EntriesShape {
    /// The date to judge all of them on; today in the program's first city if it is not given.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub as_of: Option<String>,
    /// At most 20,000 entries. Each is a case without a date (see `Case`), with a `name` of its own, and
    /// with `marks` by criterion where people mark: lists of decimals in texts.
    pub entries: Vec<Object>,
}

/// Demands and supplies to be matched.
#[derive(ToSchema)]
#[schema(as = Pairing, example = json!({
    "as_of": "2023-06-01", "best": 3,
    "demands": [{ "name": "D-1", "demand": { "sector": "optoelectronics" } }],
    "supplies": [{ "name": "S-1", "supply": { "id": "sample-project" } }],
}))]
pub struct PairingShape {
    /// The date to judge all pairs on; today in the program's first city if it is not given.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub as_of: Option<String>,
    /// How many supplies to give for each demand: 1 to 1000, and 5 if it is not given.
    #[schema(nullable = false)]
    pub best: Option<u32>,
    /// The demands. Each is a case without a date (see `Case`), with a `name` of its own.
    pub demands: Vec<Object>,
    /// The supplies, likewise. A pair is judged by what both say. At most 20,000 pairs.
    pub supplies: Vec<Object>,
}

/// What a move is told with.
#[derive(ToSchema)]
#[schema(as = MoveRequest)]
pub struct MoveShape {
    /// Who does it.
    pub by: String,
    /// A remark.
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// To commit: the id of the agreement that was signed.
    #[schema(nullable = false)]
    pub agreement: Option<String>,
    /// To pay: the instalment.
    #[schema(value_type = Option<MoneyShape>, nullable = false)]
    pub amount: Option<Object>,
    /// To decide: the whole case as it is known now, in the place of the one before.
    #[schema(value_type = Option<CaseShape>, nullable = false)]
    pub case: Option<Object>,
}

/// How a signed receipt looks.
#[derive(ToSchema)]
#[schema(as = SignedReceipt)]
pub struct SignedShape {
    /// The receipt. Its digest is that of its canonical text (RFC 8785): `sha256:` and 64 hexadecimal digits.
    #[schema(value_type = Object)]
    pub receipt: Object,
    /// A JSON Web Signature (RFC 7515, compact) by EdDSA. What it signs is a JSON array of digests: that of this receipt,
    /// and those of the receipts that were recorded together with it.
    pub signature: String,
}

/// What to replay a decision with.
#[derive(ToSchema)]
#[schema(as = ReplayRequest)]
pub struct ReplayShape {
    /// The date whose rules it is decided by, instead of its own.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub as_of: Option<String>,
}

/// Facts by name.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Three-valued truth.
#[derive(ToSchema)]
#[schema(as = Truth, rename_all = "kebab-case")]
pub enum TruthShape {
    /// It holds.
    Met,
    /// It does not hold.
    Unmet,
    /// It cannot be said.
    Undetermined,
}
