//! Against real files, each test in a folder of its own.

use concord_contract::language::Texts;
use indexmap::IndexMap;
use tempfile::TempDir;

use super::*;
use crate::domain::entity::{City, Contribution, Fund, Organisation};

/// When everything is written.
pub(super) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn texts(en: &str) -> Texts {
    Texts { zh_hans: "广州".into(), zh_hant: "廣州".into(), en: en.into() }
}

pub(super) fn city(id: &str) -> Entity {
    Entity::City(City {
        id: id.parse().unwrap(),
        name: texts(id),
        bureau: texts("Bureau"),
        currency: "CNY".into(),
        time_zone: "Asia/Shanghai".into(),
    })
}

pub(super) fn organisation(id: &str, city: &str, kind: &str, name: &str) -> Entity {
    Entity::Organisation(Organisation {
        id: id.parse().unwrap(),
        name: texts(name),
        city: city.parse().unwrap(),
        kind: kind.into(),
        listed: false,
        awards: Vec::new(),
        facts: IndexMap::new(),
    })
}

pub(super) fn fund(id: &str, cities: &[&str]) -> Entity {
    let part = |city: &&str| Contribution {
        city: city.parse().unwrap(),
        amount: "1.00".into(),
        spent: None,
    };
    Entity::Fund(Fund {
        id: id.parse().unwrap(),
        name: texts(id),
        currency: "CNY".into(),
        contributions: cities.iter().map(part).collect(),
    })
}

pub(super) fn program(id: &str, name: &str) -> Program {
    serde_json::from_value(serde_json::json!({
        "id": id, "kind": "funding", "cities": ["guangzhou", "foshan"], "bindings": [],
        "name": { "zh-Hans": "专项", "zh-Hant": "專項", "en": name },
    }))
    .unwrap()
}

/// A store with two cities and five organisations.
async fn filled() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let entities = vec![
        city("guangzhou"),
        city("foshan"),
        organisation("a", "guangzhou", "enterprise", "Pearl Optics"),
        organisation("b", "foshan", "enterprise", "100% Ceramics"),
        organisation("c", "guangzhou", "university", "ÉCOLE of Optics"),
        organisation("d", "guangzhou", "enterprise", "Under_score"),
        organisation("e", "foshan", "institute", "Institute"),
    ];
    assert_eq!(store.seed(entities, NOW).await.unwrap(), Seeding::Done);
    (folder, store)
}

async fn ids(store: &SqliteStore, filter: Filter) -> Vec<String> {
    let page = Page { after: None, limit: 200 };
    let listing = store.list(EntityKind::Organisation, &filter, &page).await.unwrap();
    listing.items.iter().map(|stored| stored.entity.id().to_owned()).collect()
}

#[tokio::test]
async fn what_is_put_is_there_in_memory_on_disk_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let put = store.put(city("guangzhou"), Expect::New, NOW).await.unwrap();
    assert_eq!(put.version, 1);
    assert!(store.entities().city("guangzhou").is_some());
    let got = store.get(EntityKind::City, "guangzhou").await.unwrap().unwrap();
    assert_eq!((got.version, got.entity.id()), (1, "guangzhou"));
    assert!(store.get(EntityKind::City, "foshan").await.unwrap().is_none());
    store.ping().await.unwrap();
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    drop(store);

    let again = SqliteStore::open(folder.path()).await.unwrap();
    assert!(again.entities().city("guangzhou").is_some());
}

#[tokio::test]
async fn a_snapshot_that_somebody_holds_does_not_change() {
    let (_folder, store) = filled().await;
    let before = store.entities();
    store.put(city("shenzhen"), Expect::New, NOW).await.unwrap();
    assert!(before.city("shenzhen").is_none());
    assert!(store.entities().city("shenzhen").is_some());
}

#[tokio::test]
async fn a_write_that_expects_what_is_not_there_is_refused() {
    let (_folder, store) = filled().await;
    let exists = store.put(city("foshan"), Expect::New, NOW).await.unwrap_err();
    assert!(matches!(exists, StoreError::Exists { .. }), "{exists}");
    assert_eq!(store.put(city("foshan"), Expect::Version(1), NOW).await.unwrap().version, 2);
    let stale = store.put(city("foshan"), Expect::Version(1), NOW).await.unwrap_err();
    assert!(matches!(stale, StoreError::Stale { expected: 1, found: 2, .. }), "{stale}");
    let gone = store.put(city("zhuhai"), Expect::Version(1), NOW).await.unwrap_err();
    assert!(matches!(gone, StoreError::NotFound { .. }), "{gone}");
    assert_eq!(store.put(city("foshan"), Expect::Anything, NOW).await.unwrap().version, 3);
    assert_eq!(store.put(city("zhuhai"), Expect::Anything, NOW).await.unwrap().version, 1);
}

#[tokio::test]
async fn of_two_writers_who_read_the_same_version_one_wins() {
    let (_folder, store) = filled().await;
    let (one, other) = tokio::join!(
        store.put(city("foshan"), Expect::Version(1), NOW),
        store.put(city("foshan"), Expect::Version(1), NOW),
    );
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|won| **won).count(), 1);
}

#[tokio::test]
async fn a_write_is_finished_when_its_caller_goes_away() {
    let (_folder, store) = filled().await;
    tokio::select! {
        biased;
        _ = store.put(city("zhuhai"), Expect::New, NOW) => panic!("it took no time at all"),
        () = async {} => {}
    }
    // The turns are kept, so that the first is done when the second is.
    store.put(city("shenzhen"), Expect::New, NOW).await.unwrap();
    assert!(store.entities().city("zhuhai").is_some());
    assert!(store.get(EntityKind::City, "zhuhai").await.unwrap().is_some());
}

#[tokio::test]
async fn an_entity_with_a_fault_is_refused_and_named() {
    let (_folder, store) = filled().await;
    let lost = organisation("f", "atlantis", "enterprise", "Lost");
    let Err(StoreError::Faults(faults)) = store.put(lost, Expect::New, NOW).await else {
        panic!("it was not refused")
    };
    assert_eq!(faults[0].pointer(), "/city");
    assert!(store.get(EntityKind::Organisation, "f").await.unwrap().is_none());
}

#[tokio::test]
async fn pages_follow_each_other_and_leave_nothing_out() {
    let (_folder, store) = filled().await;
    let mut seen = Vec::new();
    let mut page = Page { after: None, limit: 2 };
    loop {
        let listing =
            store.list(EntityKind::Organisation, &Filter::default(), &page).await.unwrap();
        assert!(listing.items.len() <= 2);
        seen.extend(listing.items.iter().map(|stored| stored.entity.id().to_owned()));
        match listing.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn the_last_full_page_has_none_behind_it() {
    let (_folder, store) = filled().await;
    let page = Page { after: None, limit: 5 };
    let listing = store.list(EntityKind::Organisation, &Filter::default(), &page).await.unwrap();
    assert_eq!((listing.items.len(), listing.next), (5, None));
}

#[tokio::test]
async fn filters_narrow_a_list() {
    let (_folder, store) = filled().await;
    let of = |city: Option<&str>, sort: Option<&str>, text: Option<&str>| Filter {
        city: city.map(Into::into),
        sort: sort.map(Into::into),
        text: text.map(Into::into),
    };
    assert_eq!(ids(&store, of(Some("foshan"), None, None)).await, ["b", "e"]);
    assert_eq!(ids(&store, of(None, Some("enterprise"), None)).await, ["a", "b", "d"]);
    assert_eq!(ids(&store, of(Some("guangzhou"), Some("enterprise"), None)).await, ["a", "d"]);
    assert_eq!(ids(&store, of(None, None, Some("optics"))).await, ["a", "c"]);
    assert_eq!(ids(&store, of(None, None, Some("école"))).await, ["c"]);
    assert_eq!(ids(&store, of(None, None, Some("0%"))).await, ["b"], "a sign is no wildcard");
    assert_eq!(ids(&store, of(None, None, Some("r_s"))).await, ["d"], "a sign is no wildcard");
    assert_eq!(ids(&store, of(None, None, Some("廣"))).await.len(), 5);
    assert!(ids(&store, of(None, None, Some("\\"))).await.is_empty());
}

#[tokio::test]
async fn a_fund_is_of_every_city_that_put_in_and_of_no_other_after_a_change() {
    let (_folder, store) = filled().await;
    store.put(fund("joint", &["guangzhou", "foshan", "foshan"]), Expect::New, NOW).await.unwrap();
    let page = Page { after: None, limit: 10 };
    let in_foshan = Filter { city: Some("foshan".into()), ..Filter::default() };
    let found = store.list(EntityKind::Fund, &in_foshan, &page).await.unwrap();
    assert_eq!(found.items.len(), 1);
    store.put(fund("joint", &["guangzhou"]), Expect::Version(1), NOW).await.unwrap();
    let found = store.list(EntityKind::Fund, &in_foshan, &page).await.unwrap();
    assert!(found.items.is_empty());
}

#[tokio::test]
async fn a_store_is_seeded_once() {
    let (folder, store) = filled().await;
    assert_eq!(store.seed(vec![city("zhuhai")], NOW).await.unwrap(), Seeding::NotFresh);
    sqlx::query("DELETE FROM entities").execute(&store.inner.pool).await.unwrap();
    drop(store);
    let emptied = SqliteStore::open(folder.path()).await.unwrap();
    assert_eq!(emptied.seed(vec![city("zhuhai")], NOW).await.unwrap(), Seeding::NotFresh);
    assert!(emptied.entities().city("zhuhai").is_none());
}

#[tokio::test]
async fn a_store_that_something_was_put_into_is_not_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.put(city("zhuhai"), Expect::New, NOW).await.unwrap();
    assert_eq!(store.seed(vec![city("foshan")], NOW).await.unwrap(), Seeding::NotFresh);
}

#[tokio::test]
async fn a_seed_with_one_fault_leaves_the_store_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let lost = organisation("f", "atlantis", "enterprise", "Lost");
    let Err(StoreError::Faults(faults)) = store.seed(vec![city("foshan"), lost], NOW).await else {
        panic!("it was not refused")
    };
    assert_eq!(faults[0].pointer(), "/organisations/f/city");
    let twice = store.seed(vec![city("foshan"), city("foshan")], NOW).await.unwrap_err();
    assert!(matches!(twice, StoreError::Exists { .. }), "{twice}");
    assert!(store.entities().city("foshan").is_none());
    assert!(store.get(EntityKind::City, "foshan").await.unwrap().is_none());
    assert_eq!(store.seed(vec![city("foshan")], NOW).await.unwrap(), Seeding::Done);
}

#[tokio::test]
async fn a_program_is_mirrored_and_keeps_its_version_while_it_is_unchanged() {
    let (_folder, store) = filled().await;
    assert_eq!(store.mirror(program("joint", "One")).await.unwrap().version, 1);
    assert_eq!(store.mirror(program("joint", "One")).await.unwrap().version, 1);
    assert_eq!(store.mirror(program("joint", "Two")).await.unwrap().version, 2);
    assert!(store.entities().get(EntityKind::Program, "joint").is_some());
}

#[tokio::test]
async fn two_hosts_cannot_hold_one_folder() {
    let (folder, store) = filled().await;
    let held = SqliteStore::open(folder.path()).await.err().unwrap();
    assert!(matches!(held, StoreError::Held(_)), "{held}");
    drop(store);
    SqliteStore::open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn a_reader_sees_the_store_beside_a_host_and_without_one_and_writes_nothing() {
    let (folder, store) = filled().await;
    let beside = SqliteStore::open_read_only(folder.path()).await.unwrap();
    assert!(beside.entities().city("foshan").is_some());
    let refused = beside.put(city("zhuhai"), Expect::New, NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly), "{refused}");
    beside.close().await;
    store.put(city("zhuhai"), Expect::New, NOW).await.unwrap();
    store.close().await;
    drop(store);
    let alone = SqliteStore::open_read_only(folder.path()).await.unwrap();
    assert!(alone.entities().city("zhuhai").is_some());
}

#[tokio::test]
async fn a_reader_makes_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let missing = SqliteStore::open_read_only(folder.path()).await.err().unwrap();
    assert!(matches!(missing, StoreError::Missing(_)), "{missing}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_named_and_not_passed_over() {
    let (folder, store) = filled().await;
    sqlx::query("UPDATE entities SET body = '{}' WHERE id = 'foshan'")
        .execute(&store.inner.pool)
        .await
        .unwrap();
    drop(store);
    let corrupt = SqliteStore::open(folder.path()).await.err().unwrap();
    assert_eq!(
        corrupt.to_string(),
        "the store holds something unreadable: \"foshan\" among the cities"
    );
}

#[tokio::test]
async fn a_store_of_a_newer_host_is_refused() {
    let (folder, store) = filled().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(&store.inner.pool)
    .await
    .unwrap();
    drop(store);
    let newer = SqliteStore::open(folder.path()).await.err().unwrap();
    assert!(matches!(newer, StoreError::Layout(_)), "{newer}");
    let newer = SqliteStore::open_read_only(folder.path()).await.err().unwrap();
    assert!(matches!(newer, StoreError::Layout(_)), "{newer}");
}

#[tokio::test]
async fn a_store_that_another_version_laid_out_is_not_read_as_if_it_were_this_ones() {
    let (folder, store) = filled().await;
    sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 3")
        .execute(&store.inner.pool)
        .await
        .unwrap();
    drop(store);
    let other = SqliteStore::open(folder.path()).await.err().unwrap();
    assert!(matches!(other, StoreError::Layout(_)), "{other}");
    for other in [
        SqliteStore::open_read_only(folder.path()).await.err().unwrap(),
        copy::Export::begin(folder.path()).await.err().unwrap(),
        check::check(folder.path(), &|_, _| Vec::new(), &()).await.err().unwrap(),
    ] {
        let said = "found layout 3 as another version has it, expected 3";
        assert!(other.to_string().contains(said), "{other}");
    }
}

#[tokio::test]
async fn what_is_granted_is_counted_as_it_is_kept_and_the_same_after_a_restart() {
    let (folder, store) = fixture::lively().await;
    let granted = |store: &SqliteStore| {
        let (grants, program) = (store.grants(), "one".parse().unwrap());
        let amounts = grants.of(&program).map(|grant| grant.awards[0].amount.minor);
        amounts.collect::<Vec<_>>()
    };
    // The third waits.
    assert_eq!(granted(&store), [40, 50]);
    fixture::submit(&store, 5).await;
    assert_eq!(granted(&store), [40, 50, 5]);
    store.close().await;
    drop(store);
    let again = SqliteStore::open(folder.path()).await.unwrap();
    assert_eq!(granted(&again), [40, 50, 5]);
}

#[tokio::test]
async fn a_page_of_applications_goes_on_behind_one_of_its_program() {
    let (_folder, store) = fixture::lively().await;
    let program = "one".parse().unwrap();
    for (after, found, more) in [
        (None, ["one-a1", "one-a2"], true),
        (Some("one-a1"), ["one-a2", "one-a3"], false),
        // What is none of these has nothing before it.
        (Some("two-a1"), ["one-a1", "one-a2"], true),
        (Some("One!"), ["one-a1", "one-a2"], true),
    ] {
        let page = Page { after: after.map(str::to_owned), limit: 2 };
        let filter = ApplicationFilter::default();
        let (all, next) = store.applications(&program, &filter, &page).await.unwrap();
        let ids: Vec<_> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((ids.as_slice(), next.is_some()), (&found[..], more), "{after:?}");
    }
}

#[tokio::test]
async fn a_host_does_not_start_where_what_keeps_the_money_is_gone() {
    let (folder, store) = filled().await;
    sqlx::query("DROP TRIGGER transfers_move_money").execute(&store.inner.pool).await.unwrap();
    drop(store);
    let odd = SqliteStore::open(folder.path()).await.err().unwrap();
    assert!(matches!(odd, StoreError::Layout(_)), "{odd}");
    assert!(odd.to_string().contains("trigger transfers_move_money: found none"), "{odd}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let _store = SqliteStore::open(&data).await.unwrap();
    let mode = |name: &str| data.join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("."), mode("concord.sqlite"), mode("concord.lock")), (0o700, 0o600, 0o600));
    assert_eq!(mode("concord.sqlite-wal"), 0o600);
}
