//! Receipts of a program follow each other.

use concord::decide::receipt::{Link, Signed, Slip, chain, read};
use proptest::prelude::*;

use crate::support::receipts::three;

/// A chain of so many made-up links.
fn links(count: usize) -> Vec<Link> {
    let link = |number: usize| Link {
        program: "sample".parse().unwrap(),
        number: i64::try_from(number).unwrap(),
        digest: format!("sha256:{number}"),
        previous: (number > 1).then(|| format!("sha256:{}", number - 1)),
    };
    (1..=count).map(link).collect()
}

proptest! {
    #[test]
    fn any_part_in_one_piece_is_a_chain_in_any_order(
        (links, from, count) in (1_usize..12).prop_flat_map(|count| {
            (Just(links(count)).prop_shuffle(), 1..=count, 1..=count)
        })
    ) {
        let within = |link: &Link| {
            let number = usize::try_from(link.number).unwrap();
            (from..from + count).contains(&number)
        };
        let part: Vec<_> = links.into_iter().filter(within).collect();
        prop_assert_eq!(chain(&part), vec![]);
    }

    #[test]
    fn one_that_is_taken_out_or_changed_shows(count in 3_usize..12, at in 1_usize..10, taken: bool) {
        let at = 1 + at % (count - 2);
        let mut links = links(count);
        let program = links[at].program.clone();
        let number = i64::try_from(at + 1).unwrap();
        let expected = if taken {
            links.remove(at);
            Slip::Gap { program, first: number, last: number }
        } else {
            links[at].digest.push('x');
            Slip::Broken { program, number: number + 1 }
        };
        prop_assert_eq!(chain(&links), vec![expected]);
    }
}

#[test]
fn real_receipts_follow_each_other() {
    let links: Vec<_> = three()
        .iter()
        .map(|receipt| Link::of(&read(&receipt.body).unwrap(), &receipt.digest))
        .collect();
    assert_eq!(chain(&links), []);
    assert_eq!(chain(&links[1..2]), []);
    assert_eq!(chain(&[links.clone(), links.clone()].concat()), []);
}

#[test]
fn only_the_first_has_none_before_it() {
    let mut links = links(2);
    links[0].previous = Some("sha256:0".to_owned());
    links[1].previous = None;
    let program = links[0].program.clone();
    let slips = chain(&links);
    assert!(slips.contains(&Slip::Beginning { program: program.clone(), number: 1 }), "{slips:?}");
    assert!(slips.contains(&Slip::Beginning { program, number: 2 }), "{slips:?}");
}

#[test]
fn one_number_belongs_to_one_receipt() {
    let mut links = links(2);
    links.push(Link { digest: "sha256:other".to_owned(), ..links[1].clone() });
    let program = links[0].program.clone();
    assert!(chain(&links).contains(&Slip::Twice { program, number: 2 }));
}

#[test]
fn documents_are_read_alone_in_a_list_and_in_lines() {
    let one = |body: &str| Signed { body: body.to_owned(), signature: "a..b".to_owned() };
    let all: Vec<_> = three().iter().map(|receipt| one(&receipt.body)).collect();
    let texts: Vec<_> = all.iter().map(Signed::text).collect();
    assert_eq!(Signed::read_all(&texts[0]).unwrap(), all[..1]);
    assert_eq!(Signed::read_all(&texts.join("\n")).unwrap(), all);
    assert_eq!(Signed::read_all(&format!("[{}]", texts.join(","))).unwrap(), all);
    let json: serde_json::Value = serde_json::from_str(&texts[0]).unwrap();
    assert_eq!(Signed::read_all(&format!("{json:#}")).unwrap(), all[..1]);
}
