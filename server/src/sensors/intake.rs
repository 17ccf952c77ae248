//! The programs that tell of alerts, as staff manage them, and what they tell.

use std::sync::Arc;

use api::{Heard, NewSource};
use domain::{
    access::Actor,
    project::calm,
    state::State,
    watch::Report,
    words::{Code, Fault, Faults, Mapping, RuleId, SourceKind},
};
use engine::{Publisher, driver};
use jiff::Timestamp;
use store::{
    Store,
    alerts::{Alerts, Known, MOST, Noted, Says, Speaker},
    sources::{Source, Sources},
    tables::TableError,
};

use super::upstream;
use crate::{
    accounts::{AccountError, Secret, fingerprint},
    reactors::{Network, Visitor, address},
};

/// So many sources there may be.
const MOST_SOURCES: usize = 200;

/// The longest reason that is kept, in characters.
const LONGEST_FAILURE: usize = 300;

/// So many of its alerts are told with a source.
pub(crate) const MOST_TOLD: usize = 100;

/// What there is to manage.
#[derive(Clone)]
pub(crate) struct Intake {
    publisher: Arc<Publisher>,
    sources: Sources,
    alerts: Alerts,
    report: Arc<driver::Report>,
    /// Where status pages may lie that are read.
    network: Network,
}

/// Why a source cannot be managed so, or not be heard.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    #[error("there is no source `{0}`")]
    Unknown(String),
    #[error("{}", .0.iter().map(|fault| format!("`{}` {}", fault.pointer, fault.detail)).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Secret(#[from] AccountError),
    #[error(transparent)]
    Tables(#[from] TableError),
}

impl Intake {
    pub(crate) const fn new(
        publisher: Arc<Publisher>,
        sources: Sources,
        alerts: Alerts,
        report: Arc<driver::Report>,
        network: Network,
    ) -> Self {
        Self {
            publisher,
            sources,
            alerts,
            report,
            network,
        }
    }

    /// That of these data, for the command line.
    pub(crate) fn of(publisher: Arc<Publisher>, store: &Store) -> Self {
        Self::new(
            publisher,
            store.sources.clone(),
            store.alerts.clone(),
            Arc::default(),
            Network::anywhere(),
        )
    }

    /// All sources, the oldest first, each with what it has told.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn all(&self) -> Result<Vec<api::Source>, IntakeError> {
        let sources = self.sources.all().await?;
        let known = self.alerts.all().await?;
        let (state, _) = self.publisher.present();
        Ok(sources.into_iter().map(|source| told(&state, source, &known)).collect())
    }

    async fn get(&self, id: &str) -> Result<api::Source, IntakeError> {
        let mut all = self.all().await?.into_iter();
        let found = all.find(|source| source.id.as_str() == id);
        found.ok_or_else(|| unknown(id))
    }

    /// Adds a source. What it sends to be believed is told only now.
    ///
    /// # Errors
    /// When it is not what it has to be, or the database fails.
    pub(crate) async fn add(&self, by: &Actor, new: NewSource) -> Result<api::Source, IntakeError> {
        let mut faults = check_mapping(new.kind, new.mapping.as_ref());
        let address = self.check_address(new.kind, new.address.as_deref(), &mut faults);
        if self.sources.all().await?.len() >= MOST_SOURCES {
            let detail = format!("is one too many: there are {MOST_SOURCES} sources; end one that nobody needs");
            faults.add("", Code::TooLong, detail);
        }
        faults.into_result().map_err(|faults| IntakeError::Faults(faults.into_vec()))?;
        let source = Source {
            id: new.id,
            kind: new.kind,
            mapping: new.mapping,
            address,
            created_at: self.publisher.clock().now(),
            created_by: by.id.clone(),
            heard_at: None,
            failing_since: None,
            failure: None,
        };
        let secret = Secret::new()?;
        if !self.sources.add(&source, &fingerprint(secret.as_str())).await? {
            let detail = format!("is `{}`, which is taken already; ids are unique", source.id);
            return Err(IntakeError::Faults(Faults::one("/id", Code::Taken, detail).into_vec()));
        }
        self.report.look_again();
        Ok(api::Source {
            token: (!source.kind.is_read()).then(|| secret.as_str().to_owned()),
            ..self.get(source.id.as_str()).await?
        })
    }

    /// Gives a source another token; the one from before works no more.
    ///
    /// # Errors
    /// When there is no such source, or the database fails.
    pub(crate) async fn renew(&self, id: &str) -> Result<api::Source, IntakeError> {
        if self.get(id).await?.kind.is_read() {
            let detail = "is read at its address, and sends no token";
            return Err(IntakeError::Faults(Faults::one("/id", Code::Malformed, detail).into_vec()));
        }
        let secret = Secret::new()?;
        if !self.sources.renew(id, &fingerprint(secret.as_str())).await? {
            return Err(unknown(id));
        }
        Ok(api::Source {
            token: Some(secret.as_str().to_owned()),
            ..self.get(id).await?
        })
    }

    /// Ends a source, with all that it has told. Notices that came of it stay.
    ///
    /// # Errors
    /// When there is no such source, or the database fails.
    pub(crate) async fn end(&self, id: &str) -> Result<(), IntakeError> {
        if self.sources.end(id).await? { Ok(()) } else { Err(unknown(id)) }
    }

    /// The source that sends this token.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn by_token(&self, token: &str) -> Result<Option<Source>, IntakeError> {
        Ok(self.sources.by_token(&fingerprint(token)).await?)
    }

    /// Takes what a source says. What is answered is on disk.
    ///
    /// # Errors
    /// When it cannot be read, or the database fails.
    pub(crate) async fn take(&self, source: &Source, body: &[u8]) -> Result<Heard, IntakeError> {
        let reports = super::read(source, body).map_err(|fault| IntakeError::Faults(vec![fault]))?;
        let (state, _) = self.publisher.present();
        let mut heard = Heard::default();
        for report in &reports {
            *(if report.fires { &mut heard.firing } else { &mut heard.silent }) += 1;
            heard.rules.extend(rules(&state, &report.labels));
        }
        heard.rules.sort();
        heard.rules.dedup();
        self.note(source, reports, Says::Something).await?;
        Ok(heard)
    }

    /// Reads a status page now, and notes what it says.
    ///
    /// # Errors
    /// When it cannot be read, or the database fails.
    pub(crate) async fn poll(&self, source: &Source, visitor: &Visitor) -> Result<(), IntakeError> {
        let Some(address) = &source.address else { return Ok(()) };
        let read = match visitor.get(&upstream::document(address)).await {
            Ok(came) => super::read(source, &came.body).map_err(|fault| format!("its answer {}", fault.detail)),
            Err(obstacle) => Err(obstacle.detail),
        };
        match read {
            Ok(reports) => self.note(source, reports, Says::Everything).await,
            Err(failure) => {
                let failure: String = failure.chars().take(LONGEST_FAILURE).collect();
                tracing::info!(source = source.id.as_str(), failure, "a status page cannot be read");
                Ok(self.sources.failed(&source.id, self.publisher.clock().now(), &failure).await?)
            }
        }
    }

    /// Those that are read.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn polled(&self) -> Result<Vec<Source>, TableError> {
        let mut sources = self.sources.all().await?;
        sources.retain(|source| source.kind.is_read());
        Ok(sources)
    }

    async fn note(&self, source: &Source, reports: Vec<Report>, says: Says) -> Result<(), IntakeError> {
        let (state, now) = self.publisher.present();
        let noted = self.alerts.note(Speaker::Source(source.id.as_str()), reports, says, now, |labels| {
            calm(&state, labels)
        });
        match noted.await? {
            Noted::Noted => {
                self.report.look_again();
                Ok(())
            }
            Noted::Gone => Err(unknown(source.id.as_str())),
            Noted::TooMany => {
                let detail = format!("has too many: {MOST} alerts of a source may fire; leave out such as concern nobody");
                Err(IntakeError::Faults(Faults::one("/alerts", Code::TooLong, detail).into_vec()))
            }
        }
    }
}

impl Intake {
    /// Where a status page is read, or an Alertmanager is told; a fault where one is missing, or goes not with the kind.
    fn check_address(&self, kind: SourceKind, given: Option<&str>, faults: &mut Faults) -> Option<String> {
        match (kind, given) {
            (SourceKind::Statuspage | SourceKind::Alertmanager, Some(given)) => match address(given, &self.network) {
                Ok(address) => return Some(address),
                Err(Fault { pointer, code, detail }) => faults.add(pointer, code, detail),
            },
            (SourceKind::Statuspage, None) => {
                let detail = "is missing; say where the status page is, such as `https://status.bundid.example`";
                faults.add("/address", Code::Missing, detail);
            }
            (_, Some(_)) => {
                let detail = format!(
                    "goes with the kinds `statuspage` and `alertmanager` only; `{}` is not asked anything",
                    kind.word()
                );
                faults.add("/address", Code::Malformed, detail);
            }
            (_, None) => {}
        }
        None
    }
}

fn unknown(id: &str) -> IntakeError {
    IntakeError::Unknown(id.chars().take(100).collect())
}

/// The rules that are about an alert with these labels.
fn rules(state: &State, labels: &domain::catalogue::Labels) -> Vec<RuleId> {
    let rules = state.catalogue().rules.iter().filter(|rule| rule.concerns(labels));
    rules.map(|rule| rule.id.clone()).collect()
}

fn told(state: &State, source: Source, known: &[Known]) -> api::Source {
    let own = known.iter().filter(|known| known.source == source.id.as_str());
    let mut alerts: Vec<api::Alert> = own
        .map(|known| api::Alert {
            rules: rules(state, &known.alert.labels),
            labels: known.alert.labels.clone(),
            since: known.alert.since,
            silent_since: known.alert.silent_since,
        })
        .collect();
    alerts.sort_by_key(|alert| std::cmp::Reverse(latest(alert)));
    alerts.truncate(MOST_TOLD);
    api::Source {
        id: source.id,
        kind: source.kind,
        mapping: source.mapping,
        address: source.address,
        created_at: source.created_at,
        created_by: source.created_by,
        heard_at: source.heard_at,
        failing_since: source.failing_since,
        failure: source.failure,
        alerts,
        token: None,
    }
}

/// What fires comes first, then what fell silent last.
fn latest(alert: &api::Alert) -> (Timestamp, Timestamp) {
    (alert.silent_since.unwrap_or(Timestamp::MAX), alert.since)
}

/// A mapping is for those alone of whom it is not known how they say it, and looks somewhere.
fn check_mapping(kind: SourceKind, mapping: Option<&Mapping>) -> Faults {
    let mut faults = Faults::default();
    let Some(mapping) = mapping else {
        if kind == SourceKind::Json {
            let detail = "is missing; say where in its messages a source of the kind `json` says what";
            faults.add("/mapping", Code::Missing, detail);
        }
        return faults;
    };
    if kind != SourceKind::Json {
        let detail = format!("goes with the kind `json` only; how `{}` says it is known", kind.word());
        faults.add("/mapping", Code::Malformed, detail);
    }
    if mapping.firing.is_empty() {
        faults.add(
            "/mapping/firing",
            Code::Empty,
            "is empty; say what stands there while an alert fires",
        );
    }
    let single = [
        ("alerts", &mapping.alerts),
        ("identity", &mapping.identity),
        ("began_at", &mapping.began_at),
    ];
    let single = single
        .into_iter()
        .filter_map(|(name, pointer)| Some((name.to_owned(), pointer.as_ref()?)));
    let labels = mapping.labels.iter().map(|(name, pointer)| (format!("labels/{name}"), pointer));
    for (name, pointer) in single.chain([("state".to_owned(), &mapping.state)]).chain(labels) {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let detail = format!("is `{pointer}`, which is no JSON Pointer; write one such as `/check/name`");
            faults.add(format!("/mapping/{name}"), Code::Malformed, detail);
        }
    }
    faults
}
