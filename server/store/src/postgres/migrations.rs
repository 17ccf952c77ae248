//! The steps on a server.

use sqlx::PgConnection;

use crate::steps::{self, Each, Step, TAKEN};

const STEPS: [Step; 14] = [
    (1, "base", include_str!("../../migrations/postgres/0001_base.sql")),
    (2, "release", include_str!("../../migrations/postgres/0002_release.sql")),
    (3, "grant", include_str!("../../migrations/postgres/0003_grant.sql")),
    (4, "outbox", include_str!("../../migrations/postgres/0004_outbox.sql")),
    (5, "webhook", include_str!("../../migrations/postgres/0005_webhook.sql")),
    (6, "arrival", include_str!("../../migrations/postgres/0006_arrival.sql")),
    (7, "invitation", include_str!("../../migrations/postgres/0007_invitation.sql")),
    (8, "second_factor", include_str!("../../migrations/postgres/0008_second_factor.sql")),
    (9, "form", include_str!("../../migrations/postgres/0009_form.sql")),
    (10, "passkey", include_str!("../../migrations/postgres/0010_passkey.sql")),
    (
        11,
        "outside_identity",
        include_str!("../../migrations/postgres/0011_outside_identity.sql"),
    ),
    (12, "source", include_str!("../../migrations/postgres/0012_source.sql")),
    (13, "probe", include_str!("../../migrations/postgres/0013_probe.sql")),
    (14, "subscription", include_str!("../../migrations/postgres/0014_subscription.sql")),
];

/// Takes the steps that the database lacks, one node at a time. Where all were taken nothing is written, which a server may refuse.
///
/// # Errors
/// When the database fails.
pub(super) async fn run(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if taken(connection).await? < STEPS.len() {
        steps::take(connection, &STEPS, Each::InATransaction).await?;
    }
    Ok(())
}

/// How many steps were taken.
async fn taken(connection: &mut PgConnection) -> Result<usize, sqlx::Error> {
    let is_there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !is_there {
        return Ok(0);
    }
    let taken: i64 = sqlx::query_scalar(TAKEN).fetch_one(connection).await?;
    Ok(usize::try_from(taken).unwrap_or_default())
}
