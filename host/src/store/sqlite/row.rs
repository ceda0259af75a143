//! One entity as a row, and the statements that write it.

use std::sync::Arc;

use concord_contract::language::Texts;
use sqlx::SqliteConnection;

use crate::domain::entity::{Entity, EntityKind, Stored};
use crate::domain::ids::CityId;
use crate::store::{Expect, StoreError};

/// An entity, ready to be written.
pub(super) struct Row {
    /// The entity as it will be read back, so that a restart changes nothing.
    pub(super) entity: Arc<Entity>,
    pub(super) body: String,
}

/// What a row holds.
pub(super) struct Found {
    pub(super) version: i64,
    pub(super) body: String,
}

impl Found {
    pub(super) fn stored(&self, kind: EntityKind, id: &str) -> Result<Stored, StoreError> {
        Ok(Stored { entity: Arc::new(read(kind, id, &self.body)?), version: self.version })
    }
}

/// Reads a stored document.
pub(super) fn read(kind: EntityKind, id: &str, body: &str) -> Result<Entity, StoreError> {
    let mut json = serde_json::Deserializer::from_str(body);
    Entity::read(kind, &mut json).map_err(|error| StoreError::Corrupt {
        what: format!("\"{id}\" among the {}", kind.plural()),
        source: error.into(),
    })
}

/// The row of an entity, if there is one.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    kind: EntityKind,
    id: &str,
) -> Result<Option<Found>, StoreError> {
    let found: Option<(i64, String)> =
        sqlx::query_as("SELECT version, body FROM entities WHERE kind = $1 AND id = $2")
            .bind(kind.plural())
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(found.map(|(version, body)| Found { version, body }))
}

const INSERT: &str = "
    INSERT INTO entities (kind, id, sort, names, body, version) VALUES ($1, $2, $3, $4, $5, 1)
    ON CONFLICT (kind, id) DO NOTHING
    RETURNING version";

const UPDATE: &str = "
    UPDATE entities SET sort = $3, names = $4, body = $5, version = version + 1
    WHERE kind = $1 AND id = $2 AND version = $6
    RETURNING version";

const UPSERT: &str = "
    INSERT INTO entities (kind, id, sort, names, body, version) VALUES ($1, $2, $3, $4, $5, 1)
    ON CONFLICT (kind, id) DO UPDATE SET
        sort = excluded.sort, names = excluded.names, body = excluded.body,
        version = entities.version + 1
    RETURNING version";

impl Row {
    pub(super) fn of(entity: &Entity) -> Result<Row, StoreError> {
        let body =
            serde_json::to_string(entity).map_err(|error| StoreError::Failed(error.into()))?;
        let entity = Arc::new(read(entity.kind(), entity.id(), &body)?);
        Ok(Row { entity, body })
    }

    /// Writes the row if there is what is expected, and gives its new version.
    pub(super) async fn write(
        &self,
        connection: &mut SqliteConnection,
        expect: Expect,
    ) -> Result<i64, StoreError> {
        let (kind, id) = (self.entity.kind(), self.entity.id());
        let statement = match expect {
            Expect::New => INSERT,
            Expect::Version(_) => UPDATE,
            Expect::Anything => UPSERT,
        };
        let mut query = sqlx::query_scalar(statement)
            .bind(kind.plural())
            .bind(id)
            .bind(self.entity.sort())
            .bind(names(&self.entity))
            .bind(&self.body);
        if let Expect::Version(version) = expect {
            query = query.bind(version);
        }
        let Some(version) = query.fetch_optional(&mut *connection).await? else {
            let found = find(connection, kind, id).await?.map(|found| found.version);
            return Err(unexpected(kind, id, expect, found));
        };
        self.write_cities(connection).await?;
        Ok(version)
    }

    async fn write_cities(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let (kind, id) = (self.entity.kind().plural(), self.entity.id());
        sqlx::query("DELETE FROM entity_cities WHERE kind = $1 AND id = $2")
            .bind(kind)
            .bind(id)
            .execute(&mut *connection)
            .await?;
        for city in cities(&self.entity) {
            // A fund may name a city twice.
            sqlx::query(
                "INSERT INTO entity_cities (kind, city, id) VALUES ($1, $2, $3)
                 ON CONFLICT (kind, city, id) DO NOTHING",
            )
            .bind(kind)
            .bind(city.as_str())
            .bind(id)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

fn unexpected(kind: EntityKind, id: &str, expect: Expect, found: Option<i64>) -> StoreError {
    let id = id.to_owned();
    match (expect, found) {
        (Expect::Version(expected), Some(found)) => StoreError::Stale { kind, id, expected, found },
        (Expect::Version(_), None) => StoreError::NotFound { kind, id },
        (Expect::New | Expect::Anything, _) => StoreError::Exists { kind, id },
    }
}

/// The cities that lists of this entity can be filtered by.
pub(super) fn cities(entity: &Entity) -> Vec<&CityId> {
    match entity {
        Entity::Program(program) => program.cities.iter().collect(),
        Entity::Fund(fund) => fund.contributions.iter().map(|part| &part.city).collect(),
        one => one.city().into_iter().collect(),
    }
}

fn name(entity: &Entity) -> &Texts {
    match entity {
        Entity::City(one) => &one.name,
        Entity::Organisation(one) => &one.name,
        Entity::Talent(one) => &one.name,
        Entity::Program(one) => &one.name,
        Entity::Fund(one) => &one.name,
        Entity::Project(one) => &one.name,
        Entity::Voucher(one) => &one.name,
        Entity::Resource(one) => &one.name,
        Entity::Agreement(one) => &one.name,
        Entity::Rate(one) => &one.name,
    }
}

/// The name in every language, in small letters.
pub(super) fn names(entity: &Entity) -> String {
    let name = name(entity);
    [name.zh_hans.as_str(), &name.zh_hant, &name.en].join("\n").to_lowercase()
}
