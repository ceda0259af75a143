//! The shared entities: what a case can name by id.

use std::sync::Arc;

use concord_contract::Subject;
use concord_contract::raw::Raw;

use super::ids::CityId;
use super::program::Program;

pub use super::nouns::{
    Agreement, AgreementState, Award, City, Contribution, FactMap, Fund, Organisation, Project,
    Resource, Talent, Voucher,
};
pub use super::rate::Rate;

/// What kind of entity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A participating city or region.
    City,
    /// An enterprise, university, institute, investor or service body.
    Organisation,
    /// A person.
    Talent,
    /// A cooperation program.
    Program,
    /// Money put in by cities.
    Fund,
    /// What parties ask a program to support.
    Project,
    /// An innovation voucher.
    Voucher,
    /// A shared instrument, expert, platform or library.
    Resource,
    /// A signed agreement.
    Agreement,
    /// A dated exchange rate.
    Rate,
}

impl EntityKind {
    /// All of them.
    pub const ALL: [EntityKind; 10] = [
        EntityKind::City,
        EntityKind::Organisation,
        EntityKind::Talent,
        EntityKind::Program,
        EntityKind::Fund,
        EntityKind::Project,
        EntityKind::Voucher,
        EntityKind::Resource,
        EntityKind::Agreement,
        EntityKind::Rate,
    ];

    /// The word for many of them: the name of their route, table and file.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            EntityKind::City => "cities",
            EntityKind::Organisation => "organisations",
            EntityKind::Talent => "talents",
            EntityKind::Program => "programs",
            EntityKind::Fund => "funds",
            EntityKind::Project => "projects",
            EntityKind::Voucher => "vouchers",
            EntityKind::Resource => "resources",
            EntityKind::Agreement => "agreements",
            EntityKind::Rate => "rates",
        }
    }

    /// The kind that a subject's `id` names.
    #[must_use]
    pub fn behind(subject: Subject) -> EntityKind {
        match subject {
            Subject::Parties => EntityKind::Organisation,
            Subject::Talent => EntityKind::Talent,
            Subject::Voucher => EntityKind::Voucher,
            Subject::Order => EntityKind::Resource,
            Subject::Project | Subject::Entry | Subject::Supply | Subject::Demand => {
                EntityKind::Project
            }
        }
    }
}

/// Any shared entity.
#[derive(Clone, Debug)]
pub enum Entity {
    /// A city.
    City(City),
    /// An organisation.
    Organisation(Organisation),
    /// A talent.
    Talent(Talent),
    /// A program.
    Program(Box<Program>),
    /// A fund.
    Fund(Fund),
    /// A project.
    Project(Project),
    /// A voucher.
    Voucher(Voucher),
    /// A resource.
    Resource(Resource),
    /// An agreement.
    Agreement(Agreement),
    /// An exchange rate.
    Rate(Rate),
}

/// An entity as it is stored, with the number of times that it was written.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The entity.
    pub entity: Arc<Entity>,
    /// 1 when it was first put there, one more with every change.
    pub version: i64,
}

impl Entity {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EntityKind {
        match self {
            Entity::City(_) => EntityKind::City,
            Entity::Organisation(_) => EntityKind::Organisation,
            Entity::Talent(_) => EntityKind::Talent,
            Entity::Program(_) => EntityKind::Program,
            Entity::Fund(_) => EntityKind::Fund,
            Entity::Project(_) => EntityKind::Project,
            Entity::Voucher(_) => EntityKind::Voucher,
            Entity::Resource(_) => EntityKind::Resource,
            Entity::Agreement(_) => EntityKind::Agreement,
            Entity::Rate(_) => EntityKind::Rate,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Entity::City(city) => city.id.as_str(),
            Entity::Organisation(organisation) => organisation.id.as_str(),
            Entity::Talent(talent) => talent.id.as_str(),
            Entity::Program(program) => program.id.as_str(),
            Entity::Fund(fund) => fund.id.as_str(),
            Entity::Project(project) => project.id.as_str(),
            Entity::Voucher(voucher) => voucher.id.as_str(),
            Entity::Resource(resource) => resource.id.as_str(),
            Entity::Agreement(agreement) => agreement.id.as_str(),
            Entity::Rate(rate) => rate.id.as_str(),
        }
    }

    /// The city that it belongs to, if to one.
    #[must_use]
    pub fn city(&self) -> Option<&CityId> {
        match self {
            Entity::City(city) => Some(&city.id),
            Entity::Organisation(organisation) => Some(&organisation.city),
            Entity::Talent(talent) => talent.city.as_ref(),
            Entity::Project(project) => project.city.as_ref(),
            Entity::Voucher(voucher) => Some(&voucher.city),
            Entity::Resource(resource) => Some(&resource.city),
            Entity::Program(_) | Entity::Fund(_) | Entity::Agreement(_) | Entity::Rate(_) => None,
        }
    }

    /// The sort of organisation, resource or program that it is, where it says; the state of an agreement.
    #[must_use]
    pub fn sort(&self) -> Option<&str> {
        match self {
            Entity::Organisation(organisation) => Some(&organisation.kind),
            Entity::Resource(resource) => Some(&resource.kind),
            Entity::Program(program) => Some(program.kind.as_str()),
            Entity::Agreement(agreement) => agreement.state().map(AgreementState::as_str),
            _ => None,
        }
    }

    /// Whether it stands on its city's shared list.
    #[must_use]
    pub fn listed(&self) -> bool {
        match self {
            Entity::Organisation(organisation) => organisation.listed,
            Entity::Resource(resource) => resource.listed,
            _ => false,
        }
    }

    /// Awards on record.
    #[must_use]
    pub fn awards(&self) -> &[Award] {
        match self {
            Entity::Organisation(organisation) => &organisation.awards,
            Entity::Talent(talent) => &talent.awards,
            Entity::Project(project) => &project.awards,
            _ => &[],
        }
    }

    /// The further facts that it carries.
    #[must_use]
    pub fn fact_map(&self) -> Option<&FactMap> {
        match self {
            Entity::Organisation(organisation) => Some(&organisation.facts),
            Entity::Talent(talent) => Some(&talent.facts),
            Entity::Project(project) => Some(&project.facts),
            Entity::Voucher(voucher) => Some(&voucher.facts),
            Entity::Resource(resource) => Some(&resource.facts),
            _ => None,
        }
    }

    /// A fact of it by name: one of its own fields, or a further one.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<Raw> {
        self.field(name).or_else(|| self.fact_map()?.get(name).cloned())
    }

    /// Whether a fact of this name is one of its own, and not a further one.
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        let own: &[&str] = match self {
            Entity::Organisation(_) => &["city", "kind", "listed"],
            Entity::Resource(_) => &["city", "kind", "listed", "provider"],
            Entity::Voucher(_) => &["city", "issued", "expires", "holder", "balance"],
            _ => &["city"],
        };
        own.contains(&name)
    }

    /// The fields that can be read as facts.
    fn field(&self, name: &str) -> Option<Raw> {
        match (self, name) {
            (_, "city") => self.city().map(|city| Raw::Text(city.to_string())),
            (Entity::Organisation(_) | Entity::Resource(_), "kind") => {
                self.sort().map(|sort| Raw::Text(sort.to_owned()))
            }
            (Entity::Organisation(_) | Entity::Resource(_), "listed") => {
                Some(Raw::Flag(self.listed()))
            }
            (Entity::Voucher(voucher), "issued") => Some(Raw::Date(voucher.issued)),
            (Entity::Voucher(voucher), "expires") => Some(Raw::Date(voucher.expires)),
            (Entity::Voucher(voucher), "holder") => Some(Raw::Text(voucher.holder.to_string())),
            (Entity::Resource(resource), "provider") => {
                Some(Raw::Text(resource.provider.to_string()))
            }
            _ => None,
        }
    }
}
