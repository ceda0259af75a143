//! Entities as documents: the one place that knows how each is written and read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::entity::{
    Agreement, City, Entity, EntityKind, Fund, Organisation, Project, Rate, Resource, Talent,
    Voucher,
};
use super::program::Program;

/// As the document of its kind, which does not itself say what kind that is.
impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Entity::City(one) => one.serialize(serializer),
            Entity::Organisation(one) => one.serialize(serializer),
            Entity::Talent(one) => one.serialize(serializer),
            Entity::Program(one) => one.serialize(serializer),
            Entity::Fund(one) => one.serialize(serializer),
            Entity::Project(one) => one.serialize(serializer),
            Entity::Voucher(one) => one.serialize(serializer),
            Entity::Resource(one) => one.serialize(serializer),
            Entity::Agreement(one) => one.serialize(serializer),
            Entity::Rate(one) => one.serialize(serializer),
        }
    }
}

impl Entity {
    /// Reads a document of a kind.
    pub fn read<'de, D: Deserializer<'de>>(kind: EntityKind, from: D) -> Result<Entity, D::Error> {
        match kind {
            EntityKind::City => City::deserialize(from).map(Entity::City),
            EntityKind::Organisation => Organisation::deserialize(from).map(Entity::Organisation),
            EntityKind::Talent => Talent::deserialize(from).map(Entity::Talent),
            EntityKind::Program => Box::<Program>::deserialize(from).map(Entity::Program),
            EntityKind::Fund => Fund::deserialize(from).map(Entity::Fund),
            EntityKind::Project => Project::deserialize(from).map(Entity::Project),
            EntityKind::Voucher => Voucher::deserialize(from).map(Entity::Voucher),
            EntityKind::Resource => Resource::deserialize(from).map(Entity::Resource),
            EntityKind::Agreement => Agreement::deserialize(from).map(Entity::Agreement),
            EntityKind::Rate => Rate::deserialize(from).map(Entity::Rate),
        }
    }
}
