//! Second factors: what the codes of a person's device are worked out from, and the codes for when it is lost.

use jiff::Timestamp;
use sqlx::{
    Any, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::Identities;
use crate::tables::{Change, TableError};

/// What a person shows beside the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// What codes are worked out from, in Base32.
    pub secret: String,
    /// Since when it is asked for; `None`: it was begun, and no code of it was given yet.
    pub confirmed_at: Option<Timestamp>,
    /// The last step of 30 seconds since 1970 whose code was taken; of one that was only begun, the step in which it was.
    pub last_step: i64,
}

impl Identities {
    /// What a person shows beside the password, or is about to; `None`: nothing. `account` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factor(&self, account: &str) -> Result<Option<SecondFactor>, TableError> {
        let row = self.0.within(query(account).fetch_optional(&self.0.pool)).await?;
        row.as_ref().map(read).transpose()
    }

    /// How many recovery codes a person has left. `account` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recovery_codes(&self, account: &str) -> Result<u32, TableError> {
        let query = sqlx::query_scalar("SELECT count(*) FROM recovery_code WHERE account = $1").bind(account);
        let count: i64 = self.0.within(query.fetch_one(&self.0.pool)).await?;
        u32::try_from(count).map_err(TableError::decode)
    }
}

fn query(account: &str) -> Query<'_, Any, AnyArguments> {
    sqlx::query("SELECT secret, confirmed_at, last_step FROM second_factor WHERE account = $1").bind(account)
}

fn read(row: &AnyRow) -> Result<SecondFactor, TableError> {
    let confirmed_at: Option<String> = row.try_get(1)?;
    Ok(SecondFactor {
        secret: row.try_get(0)?,
        confirmed_at: confirmed_at.map(|at| at.parse()).transpose().map_err(TableError::decode)?,
        last_step: row.try_get(2)?,
    })
}

impl Change {
    /// The same as [`Identities::second_factor`], for as long as this change lasts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factor(&mut self, account: &str) -> Result<Option<SecondFactor>, TableError> {
        self.rows(query(account)).await?.first().map(read).transpose()
    }

    /// Begins with a device in this step, in the place of one that was only begun with; whether there was no other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_second_factor(&mut self, account: &str, secret: &str, step: i64) -> Result<bool, TableError> {
        let query = sqlx::query(
            "INSERT INTO second_factor (account, secret, last_step) VALUES ($1, $2, $3)
             ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step
             WHERE second_factor.confirmed_at IS NULL",
        );
        Ok(self.execute(query.bind(account).bind(secret).bind(step)).await? > 0)
    }

    /// From now on the device counts; whether it was begun with this secret, and did not count before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn confirm_second_factor(&mut self, account: &str, secret: &str, step: i64, now: Timestamp) -> Result<bool, TableError> {
        let query = sqlx::query(
            "UPDATE second_factor SET confirmed_at = $1, last_step = $2 WHERE account = $3 AND secret = $4 AND confirmed_at IS NULL",
        )
        .bind(now.to_string())
        .bind(step)
        .bind(account)
        .bind(secret);
        Ok(self.execute(query).await? > 0)
    }

    /// Takes the code of a step; whether none of it or of a later one was taken before, and the device still counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_step(&mut self, account: &str, secret: &str, step: i64) -> Result<bool, TableError> {
        let query = sqlx::query(
            "UPDATE second_factor SET last_step = $1 WHERE account = $2 AND secret = $3 AND confirmed_at IS NOT NULL AND last_step < $1",
        );
        Ok(self.execute(query.bind(step).bind(account).bind(secret)).await? > 0)
    }

    /// Uses a recovery code up; whether it was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_recovery_code(&mut self, account: &str, fingerprint: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM recovery_code WHERE account = $1 AND code_hash = $2");
        Ok(self.execute(query.bind(account).bind(fingerprint)).await? > 0)
    }

    /// Gives a person these recovery codes, in the place of those that they have.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_recovery_codes(&mut self, account: &str, fingerprints: &[String]) -> Result<(), TableError> {
        let forget = sqlx::query("DELETE FROM recovery_code WHERE account = $1");
        self.execute(forget.bind(account)).await?;
        for fingerprint in fingerprints {
            let query = sqlx::query("INSERT INTO recovery_code (account, code_hash) VALUES ($1, $2)");
            self.execute(query.bind(account).bind(fingerprint.as_str())).await?;
        }
        Ok(())
    }

    /// Asks for no code of a device any more. Where there is no passkey either, recovery codes have nothing to stand in for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_second_factor(&mut self, account: &str) -> Result<(), TableError> {
        self.execute(sqlx::query("DELETE FROM second_factor WHERE account = $1").bind(account))
            .await?;
        self.forget_idle_recovery_codes(account).await
    }

    /// Whether anything is asked for beside the password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_second_factor(&mut self, account: &str) -> Result<bool, TableError> {
        let query = sqlx::query(
            "SELECT account FROM second_factor WHERE account = $1 AND confirmed_at IS NOT NULL
             UNION ALL SELECT account FROM passkey WHERE account = $1",
        );
        Ok(!self.rows(query.bind(account)).await?.is_empty())
    }

    /// Forgets the recovery codes of somebody who shows nothing beside the password.
    pub(super) async fn forget_idle_recovery_codes(&mut self, account: &str) -> Result<(), TableError> {
        if !self.has_second_factor(account).await? {
            self.set_recovery_codes(account, &[]).await?;
        }
        Ok(())
    }
}
