//! What was seen when it was looked whether notices have arrived, on whichever database.

use domain::words::{ObstacleKind, PlaceKind};
use jiff::Timestamp;
use store::{
    Place as Database,
    arrivals::{Look, Obstacle, Place},
};

use super::support::on_each_database;

const DAY: i64 = 24 * 3600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn look(kind: PlaceKind, address: &str, seen: &[&str]) -> Look {
    Look {
        kind,
        address: address.to_owned(),
        obstacle: None,
        seen: seen.iter().map(ToString::to_string).collect(),
    }
}

fn seen(place: &Place) -> Vec<(&str, Timestamp)> {
    place.seen.iter().map(|(mark, since)| (mark.as_str(), *since)).collect()
}

async fn keeps_the_contract(database: &Database) {
    let arrivals = database.open().await.unwrap().arrivals;
    assert_eq!(arrivals.all().await.unwrap(), []);
    let blocked = Look {
        obstacle: Some(Obstacle {
            kind: ObstacleKind::Status,
            at: "https://a.example/".to_owned(),
            detail: "503".to_owned(),
        }),
        ..look(PlaceKind::Page, "https://a.example", &[])
    };
    let documents = look(PlaceKind::Documents, "https://n.example", &["one"]);
    arrivals.note("town", &[documents.clone(), blocked.clone()], at(0)).await.unwrap();
    arrivals
        .note("county", &[look(PlaceKind::Page, "https://b.example", &[])], at(1))
        .await
        .unwrap();
    let all = arrivals.all().await.unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|place| (place.portal.as_str(), place.kind, place.looked_at))
        .collect();
    assert_eq!(
        told,
        [
            ("county", PlaceKind::Page, at(1)),
            ("town", PlaceKind::Page, at(0)),
            ("town", PlaceKind::Documents, at(0))
        ]
    );
    assert_eq!(all[1].obstacle, blocked.obstacle);
    assert_eq!(seen(&all[2]), [("one", at(0))]);

    // What it showed before and still shows has been there since then; the other portal is as it was.
    let page = look(PlaceKind::Page, "https://a.example", &["one", "two"]);
    let later = look(PlaceKind::Documents, "https://n.example", &["one", "two"]);
    arrivals.note("town", &[page, later], at(5)).await.unwrap();
    let all = arrivals.all().await.unwrap();
    assert_eq!((all.len(), &all[1].obstacle), (3, &None));
    assert_eq!(seen(&all[1]), [("one", at(5)), ("two", at(5))]);
    assert_eq!(seen(&all[2]), [("one", at(0)), ("two", at(5))]);

    // What it did not show for a while is there since it is there again.
    for (second, marks) in [(10, &[][..]), (15, &["one"][..])] {
        arrivals
            .note("town", &[look(PlaceKind::Documents, "https://n.example", marks)], at(second))
            .await
            .unwrap();
    }
    let all = arrivals.all().await.unwrap();
    assert_eq!(all.len(), 2, "the page was not looked at, and is no place any more");
    assert_eq!(seen(&all[1]), [("one", at(15))]);

    // A place that is named twice is one; a portal without places has none; and what nobody looked at for a month goes.
    let twice = look(PlaceKind::Mirror, "https://m.example", &[]);
    arrivals.note("town", &[twice.clone(), twice], at(29 * DAY)).await.unwrap();
    assert_eq!(arrivals.all().await.unwrap().len(), 2);
    arrivals.note("town", &[], at(31 * DAY)).await.unwrap();
    assert_eq!(arrivals.all().await.unwrap(), []);
}

on_each_database!(keeps_the_contract);
