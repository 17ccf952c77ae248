//! All that is kept in one place, row by row, as one instant had it: a copy that another place takes in, be it a file or a server.

use serde::{Deserialize, Serialize};
use sqlx::{Any, AssertSqlSafe, Column, Row, Transaction, any::AnyRow};

use crate::tables::{Change, Engine, TableError, Tables, parameters};

/// Every table of which a copy is kept, those that others refer to first, each with the column by which it is read in pages; none: at once.
///
/// Not among them: sessions and what lives for minutes (whoever has signed out since would be signed in again), the lease of the node that runs,
/// trials, what only counts changes, and the files of earlier releases, which come with their releases.
const TABLES: [(&str, Option<&str>); 23] = [
    ("journal", Some("seq")),
    ("request_key", None),
    ("account", None),
    ("api_token", None),
    ("known_browser", None),
    ("setup_link", None),
    ("portal_grant", None),
    ("bookmark", None),
    ("task", None),
    ("webhook", None),
    ("arrival", None),
    ("source", None),
    ("alert", None),
    ("finding", None),
    ("sample", Some("place")),
    ("invitation", None),
    ("second_factor", None),
    ("recovery_code", None),
    ("form", Some("digest")),
    ("passkey", None),
    ("outside_identity", None),
    ("subscription", Some("id")),
    ("mailed", None),
];

/// So many rows are read at once, of what is read in pages.
const PAGE: i64 = 200;

/// A line of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// The rows behind it are of this table, with these columns.
    Table {
        table: String,
        columns: Vec<String>,
    },
    Row(Vec<Cell>),
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Number(i64),
    Text(String),
    /// In base 16.
    Bytes {
        hex: String,
    },
    Nothing(()),
}

/// Why a copy could not be made or taken in. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}")]
    Table(#[from] TableError),
    #[error("the copy cannot be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("there is something already; a copy is taken in where nothing is yet")]
    NotEmpty,
    #[error("{0}")]
    Foreign(String),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        TableError::from(error).into()
    }
}

/// What is kept in one place, as a whole.
#[derive(Clone, Debug)]
pub struct Backup(Tables);

impl Backup {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Hands all of it to `sink`, as it is at one instant, while others go on writing.
    ///
    /// # Errors
    /// When the database fails, or the sink does.
    pub async fn copy(&self, mut sink: impl FnMut(&Line) -> std::io::Result<()>) -> Result<(), BackupError> {
        let mut snapshot = self.0.within(self.0.pool.begin()).await?;
        if self.0.engine == Engine::Postgres {
            let set = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0";
            self.0.within(sqlx::raw_sql(set).execute(&mut *snapshot)).await?;
        }
        for (table, key) in TABLES {
            let mut behind: Option<Cell> = None;
            loop {
                let rows = page(&mut snapshot, table, key, behind.as_ref()).await?;
                let Some(last) = rows.last() else { break };
                if behind.is_none() {
                    let columns = last.columns().iter().map(|column| column.name().to_owned()).collect();
                    let table = table.to_owned();
                    sink(&Line::Table { table, columns })?;
                }
                let at_key = |row: &AnyRow| key.map(|key| row.columns().iter().position(|column| column.name() == key));
                behind = match at_key(last).flatten() {
                    Some(at) => Some(cell(last, at)?),
                    None => None,
                };
                for row in &rows {
                    let cells = (0..row.columns().len()).map(|at| cell(row, at));
                    sink(&Line::Row(cells.collect::<Result<_, _>>()?))?;
                }
                if behind.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes a copy in, all of it or nothing.
    ///
    /// # Errors
    /// When there is something already, the copy holds what this release does not know, or the database fails.
    pub async fn restore(&self, lines: impl IntoIterator<Item = Line>) -> Result<(), BackupError> {
        let mut change = self.0.begin().await?;
        for table in ["journal", "account"] {
            let any = change
                .rows(sqlx::query(AssertSqlSafe(format!("SELECT 1 FROM {table} LIMIT 1"))))
                .await?;
            if !any.is_empty() {
                return Err(BackupError::NotEmpty);
            }
        }
        // What a server leaves that has run on an empty place.
        for (table, _) in TABLES.iter().rev().filter(|(table, _)| *table != "journal") {
            change.execute(sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}")))).await?;
        }
        let mut insert = None;
        for line in lines {
            match line {
                Line::Table { table, columns } => insert = Some(insertion(&table, &columns)?),
                Line::Row(cells) => {
                    let Some((statement, _)) = insert.as_ref().filter(|(_, count)| *count == cells.len()) else {
                        return Err(BackupError::Foreign("a row has not the columns of its table".to_owned()));
                    };
                    put(&mut change, statement, cells).await?;
                }
            }
        }
        Ok(change.commit().await?)
    }
}

/// The next rows of a table.
async fn page(
    snapshot: &mut Transaction<'_, Any>,
    table: &str,
    key: Option<&str>,
    behind: Option<&Cell>,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let Some(key) = key else {
        return sqlx::query(AssertSqlSafe(format!("SELECT * FROM {table}")))
            .fetch_all(&mut **snapshot)
            .await;
    };
    let from = if behind.is_some() {
        format!("WHERE {key} > $2 ")
    } else {
        String::new()
    };
    let statement = format!("SELECT * FROM {table} {from}ORDER BY {key} LIMIT $1");
    let query = sqlx::query(AssertSqlSafe(statement)).bind(PAGE);
    let query = match behind {
        Some(Cell::Number(number)) => query.bind(*number),
        Some(Cell::Text(text)) => query.bind(text.clone()),
        _ => query,
    };
    query.fetch_all(&mut **snapshot).await
}

/// What stands in a column of a row: text, a whole number, bytes, or nothing.
fn cell(row: &AnyRow, at: usize) -> Result<Cell, sqlx::Error> {
    if let Ok(text) = row.try_get::<Option<String>, _>(at) {
        return Ok(text.map_or(Cell::Nothing(()), Cell::Text));
    }
    if let Ok(number) = row.try_get::<i64, _>(at) {
        return Ok(Cell::Number(number));
    }
    let bytes = row.try_get::<Vec<u8>, _>(at)?;
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Cell::Bytes { hex })
}

/// The statement that puts a row into a table, and how many columns it takes.
fn insertion(table: &str, columns: &[String]) -> Result<(String, usize), BackupError> {
    if !TABLES.iter().any(|(known, _)| *known == table) {
        return Err(BackupError::Foreign(format!(
            "it holds `{table}`, which this release does not know"
        )));
    }
    let is_name = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if columns.is_empty() || !columns.iter().all(is_name) {
        return Err(BackupError::Foreign(format!("the columns of `{table}` are none")));
    }
    let statement = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        parameters(0, columns.len())
    );
    Ok((statement, columns.len()))
}

async fn put(change: &mut Change, statement: &str, cells: Vec<Cell>) -> Result<(), BackupError> {
    let mut query = sqlx::query(AssertSqlSafe(statement.to_owned()));
    for cell in cells {
        query = match cell {
            Cell::Number(number) => query.bind(number),
            Cell::Text(text) => query.bind(text),
            Cell::Bytes { hex } => query.bind(bytes(&hex)?),
            // Whatever may be missing is text.
            Cell::Nothing(()) => query.bind(None::<String>),
        };
    }
    change.execute(query).await?;
    Ok(())
}

fn bytes(hex: &str) -> Result<Vec<u8>, BackupError> {
    let pair = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(pair).collect();
    bytes.ok_or_else(|| BackupError::Foreign("bytes are not in base 16".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What no copy is kept of, each for the reason above.
    const LEFT: [&str; 9] = [
        "session",
        "departure",
        "passkey_challenge",
        "lease",
        "write_trial",
        "release",
        "release_file",
        "identity",
        "subscription_edition",
    ];

    #[test]
    fn each_table_is_copied_or_left_on_purpose() {
        let mut made = BTreeSet::new();
        for folder in ["postgres", "sqlite"] {
            let folder = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
            for file in std::fs::read_dir(folder).unwrap() {
                let sql = std::fs::read_to_string(file.unwrap().path()).unwrap();
                for statement in sql.split("CREATE TABLE ").skip(1) {
                    let name = statement.trim_start_matches("IF NOT EXISTS ");
                    made.insert(name.split([' ', '(']).next().unwrap().to_owned());
                }
            }
        }
        let known: BTreeSet<String> = TABLES.iter().map(|(table, _)| *table).chain(LEFT).map(str::to_owned).collect();
        assert_eq!(made, known);
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for line in [
            r#"{"table":"account","columns":["id","name"]}"#,
            r#"[1,"zwei",null,{"hex":"00ff"}]"#,
        ] {
            let read: Line = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), line);
        }
        assert_eq!(bytes("00ff").unwrap(), [0, 255]);
        for wrong in ["0", "0g", "ä"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_strange_table_or_column_gets_into_no_statement() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(insertion("account", &columns(&["id", "created_at"])).is_ok());
        for (table, names) in [
            ("session", &["account"][..]),
            ("account", &[]),
            ("account", &["id) VALUES ('x'); --"]),
            ("account; DROP TABLE account", &["id"]),
        ] {
            assert!(insertion(table, &columns(names)).is_err(), "{table}");
        }
    }
}
