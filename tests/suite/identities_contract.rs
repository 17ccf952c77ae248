//! What accounts, sessions and tokens keep, on whichever database.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    access::{Grants, Role},
    words::PortalId,
};
use futures::poll;
use server::accounts::{
    AccountError, Accounts, Attempt, BROWSER_IS_KNOWN, DEPARTURE_LASTS, NewToken, Newcomer, RelyingParty, SESSION_LASTS, SignedIn, Turned,
};
use store::{Place, clock::Clock};
use totp_rs::{Builder, Secret};

use super::support::{
    authenticator::{Passkey, Said},
    clock::ManualClock,
    listener::PATIENCE,
    on_each_database,
    postgres::Postgres,
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// In so many browsers a person stays known.
const KNOWN: usize = 20;

struct Office {
    clock: ManualClock,
    accounts: Accounts,
    /// The same tables, as another node sees them.
    elsewhere: Accounts,
}

impl Office {
    async fn open(place: &Place) -> Self {
        let clock = ManualClock::at("2026-03-03T08:00:05Z");
        let open = async || Accounts::new(place.open().await.unwrap().identities, Arc::new(clock.clone()));
        Self {
            accounts: open().await,
            elsewhere: open().await,
            clock,
        }
    }

    async fn sign_in(&self, name: &str, browsers: &[&SignedIn]) -> Result<SignedIn, AccountError> {
        let attempt = Attempt {
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
            code: None,
            address: None,
            browsers: browsers.iter().map(|signed_in| signed_in.browser.as_str().to_owned()).collect(),
        };
        self.elsewhere.sign_in(attempt).await
    }

    async fn holder(&self, sessions: &[&SignedIn]) -> Option<String> {
        let secrets: Vec<&str> = sessions.iter().map(|signed_in| signed_in.session.as_str()).collect();
        self.accounts.by_sessions(&secrets).await.unwrap().map(|identity| identity.name)
    }
}

async fn keeps_the_contract(place: &Place) {
    let office = Office::open(place).await;
    the_first_administrator_comes_by_the_link(&office).await;
    names_are_taken_once(&office).await;
    the_last_administrator_stays(&office).await;
    grants_are_given_and_taken(&office).await;
    sessions_begin_and_end(&office).await;
    browsers_are_known_for_a_while(&office).await;
    codes_count_once(&office).await;
    passkeys_hold_on_each_node(&office).await;
    whoever_went_comes_back_to_each_node(&office).await;
    tokens_begin_and_end(&office).await;
    the_oldest_come_first(&office).await;
}

async fn the_first_administrator_comes_by_the_link(office: &Office) {
    let old = office.accounts.setup_link().await.unwrap().unwrap();
    let link = office.elsewhere.setup_link().await.unwrap().unwrap();
    let set_up = |link: &str, name: &str| {
        let (link, name) = (link.to_owned(), name.to_owned());
        let accounts = office.accounts.clone();
        async move { accounts.set_up(&link, &name, PASSWORD.to_owned()).await }
    };
    assert!(matches!(set_up(old.as_str(), "ada").await, Err(AccountError::WrongSetupLink)));
    // Of those that come at once, one is the first.
    let all = futures::future::join_all(["ada", "bea", "cem"].map(|name| set_up(link.as_str(), name))).await;
    let first: Vec<_> = all.into_iter().flatten().collect();
    assert_eq!(first.len(), 1);
    assert_eq!(office.holder(&[&first[0]]).await, Some(first[0].identity.name.clone()));
    assert!(office.accounts.setup_link().await.unwrap().is_none());
    assert!(matches!(set_up(link.as_str(), "eva").await, Err(AccountError::WrongSetupLink)));
}

async fn names_are_taken_once(office: &Office) {
    let adding = ["Otto", "otto", "Otto ", "OTTO"].map(|name| office.accounts.add(name, Role::Publisher, PASSWORD.to_owned()));
    let added = futures::future::join_all(adding).await;
    assert_eq!(added.iter().filter(|added| added.is_ok()).count(), 1);
    let making = ["ops", "Ops"].map(|name| office.elsewhere.create_token(name, Role::Viewer, None));
    let made = futures::future::join_all(making).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
}

async fn the_last_administrator_stays(office: &Office) {
    let people = office.accounts.people().await.unwrap();
    let first = &people.iter().find(|person| person.role == Some(Role::Admin)).unwrap().name;
    assert!(matches!(
        office.accounts.disable(first).await,
        Err(AccountError::LastAdministrator(_))
    ));
    office.accounts.add("zoe", Role::Admin, PASSWORD.to_owned()).await.unwrap();
    // Two who disable each other: one stays.
    let disabled = tokio::join!(office.accounts.disable(first), office.elsewhere.disable("zoe"));
    assert_eq!([disabled.0.is_ok(), disabled.1.is_ok()].iter().filter(|done| **done).count(), 1);
    for name in [first, "zoe"] {
        office.accounts.enable(name).await.unwrap();
    }
}

async fn grants_are_given_and_taken(office: &Office) {
    let portal = |id: &str| PortalId::parse(id).unwrap();
    let here = Grants::on(Role::Admin, [portal("town"), portal("county")]).and(Role::Viewer, None);
    office.accounts.add("kim", here.clone(), PASSWORD.to_owned()).await.unwrap();
    let kim = office.sign_in("kim", &[]).await.unwrap();
    assert_eq!(kim.identity.actor.grants, here);
    let held = async || {
        let identity = office.accounts.by_sessions(&[kim.session.as_str()]).await.unwrap();
        identity.unwrap().actor.grants
    };
    assert_eq!(held().await, here);
    // They change for the session that there is, on every node.
    let to = |grants: Grants| move |_: Grants| Ok::<_, AccountError>(grants);
    let there = Grants::on(Role::Editor, [portal("village")]);
    let told = office.elsewhere.change_grants("kim", to(there.clone())).await.unwrap();
    assert_eq!((told.role, &told.grants), (Some(Role::Editor), &there));
    assert_eq!(held().await, there);
    // Each change begins with what the one before has left.
    let one_more = |id: &'static str| move |held: Grants| Ok::<_, AccountError>(held.and(Role::Viewer, Some(portal(id))));
    let ids = ["a", "b", "c", "d"];
    let all = futures::future::join_all(ids.map(|id| office.accounts.change_grants("kim", one_more(id)))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let whole = ids.iter().fold(there, |held, id| held.and(Role::Viewer, Some(portal(id))));
    assert_eq!(held().await, whole);
    let listed = office.accounts.people().await.unwrap();
    assert_eq!(
        listed
            .iter()
            .filter(|person| person.name == "kim" && person.grants == whole)
            .count(),
        1
    );
    // None at all is one, too.
    office.accounts.change_grants("kim", to(Grants::default())).await.unwrap();
    assert_eq!(held().await, Grants::default());
    office.accounts.disable("kim").await.unwrap();
    // An administrator of some portals is not the administrator that there has to be.
    let admin = |grants: Grants| office.accounts.change_grants("zoe", to(grants));
    let others: Vec<String> = office
        .accounts
        .people()
        .await
        .unwrap()
        .into_iter()
        .map(|person| person.name)
        .collect();
    admin(Role::Admin.into()).await.unwrap();
    for name in others.iter().filter(|name| *name != "zoe") {
        office
            .accounts
            .change_grants(name, |held| Ok::<_, AccountError>(held.without(None)))
            .await
            .unwrap();
    }
    for grants in [Grants::on(Role::Admin, [portal("town")]), Role::Publisher.into(), Grants::default()] {
        assert!(matches!(admin(grants).await, Err(AccountError::LastAdministrator(_))));
    }
    let token = NewToken {
        name: "of the town".to_owned(),
        grants: here.clone(),
        expires_at: None,
        owner: None,
    };
    let secret = office.accounts.make_token(token).await.unwrap();
    let program = office.elsewhere.by_token(secret.as_str()).await.unwrap().unwrap();
    assert_eq!((program.name.as_str(), program.actor.grants), ("of the town", here));
}

async fn sessions_begin_and_end(office: &Office) {
    office.accounts.add("ida", Role::Editor, PASSWORD.to_owned()).await.unwrap();
    office.accounts.add("jan", Role::Viewer, PASSWORD.to_owned()).await.unwrap();
    let ida = office.sign_in("ida", &[]).await.unwrap();
    let jan = office.sign_in("jan", &[]).await.unwrap();
    assert_eq!(office.holder(&[]).await, None);
    assert!(matches!(office.sign_in("ida\0", &[]).await, Err(AccountError::WrongCredentials)));
    assert_eq!(office.holder(&[&jan, &ida]).await.as_deref(), Some("jan"));
    assert_eq!(office.holder(&[&ida, &jan]).await.as_deref(), Some("ida"));
    office.elsewhere.sign_out(&[ida.session.as_str()]).await.unwrap();
    assert_eq!(office.holder(&[&ida, &jan]).await.as_deref(), Some("jan"));
    let again = office.sign_in("ida", &[]).await.unwrap();
    office.elsewhere.set_password("ida", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(office.holder(&[&again]).await, None);
    office.elsewhere.disable("jan").await.unwrap();
    assert_eq!(office.holder(&[&jan]).await, None);
    assert!(matches!(office.sign_in("jan", &[]).await, Err(AccountError::WrongCredentials)));
    office.accounts.enable("jan").await.unwrap();
    assert_eq!(office.holder(&[&jan]).await, None);
    let late = office.sign_in("jan", &[]).await.unwrap();
    pass(office, SESSION_LASTS);
    assert_eq!(office.holder(&[&late]).await, None);
}

/// A browser that is known keeps its secret; one that is not gets a new one.
async fn browsers_are_known_for_a_while(office: &Office) {
    let first = office.sign_in("ida", &[]).await.unwrap();
    let same = office.sign_in("ida", &[&first]).await.unwrap();
    assert_eq!(same.browser.as_str(), first.browser.as_str());
    let shared = office.sign_in("jan", &[&first]).await.unwrap();
    assert_eq!(shared.browser.as_str(), first.browser.as_str());
    let mut others = Vec::new();
    for _ in 0..KNOWN {
        others.push(office.sign_in("ida", &[]).await.unwrap());
    }
    // For her it is forgotten, and not for him; the youngest is there even where all are of one instant.
    let newest = others.pop().unwrap();
    let kept = office.sign_in("ida", &[&newest]).await.unwrap();
    assert_eq!(kept.browser.as_str(), newest.browser.as_str());
    let his = office.sign_in("jan", &[&first]).await.unwrap();
    assert_eq!(his.browser.as_str(), first.browser.as_str());
    pass(office, BROWSER_IS_KNOWN);
    let new = office.sign_in("ida", &[&newest]).await.unwrap();
    assert_ne!(new.browser.as_str(), newest.browser.as_str());
}

async fn tokens_begin_and_end(office: &Office) {
    let now = store::clock::Clock::now(&office.clock);
    let hour = jiff::SignedDuration::from_hours(1);
    let new = |name: &str, owner: Option<&str>, expires: bool| NewToken {
        name: name.to_owned(),
        grants: Role::Publisher.into(),
        expires_at: expires.then(|| now + hour),
        owner: owner.map(str::to_owned),
    };
    let hers = office.accounts.make_token(new("hers", Some("ida"), false)).await.unwrap();
    let brief = office.accounts.make_token(new("brief", None, true)).await.unwrap();
    let lasting = office.accounts.make_token(new("lasting", None, false)).await.unwrap();
    let works = async |secret: &server::accounts::Secret| office.elsewhere.by_token(secret.as_str()).await.unwrap().is_some();
    assert!(works(&hers).await && works(&brief).await && works(&lasting).await);
    let told = office.elsewhere.tokens().await.unwrap();
    let told = told.iter().find(|token| token.name == "brief").unwrap();
    assert_eq!((told.expires_at, &told.revoked_at, &told.owner), (Some(now + hour), &None, &None));
    office.elsewhere.disable("ida").await.unwrap();
    office.accounts.enable("ida").await.unwrap();
    assert!(!works(&hers).await);
    pass(office, hour);
    assert!(!works(&brief).await);
    let revoked = office.accounts.revoke("lasting").await.unwrap();
    pass(office, hour);
    assert_eq!(office.accounts.revoke("lasting").await.unwrap().revoked_at, revoked.revoked_at);
    assert!(!works(&lasting).await);
}

/// Down to the millisecond.
/// On whichever node, and however many come at once.
async fn codes_count_once(office: &Office) {
    let code = |secret: &str, steps: i64| {
        let device = Builder::new()
            .with_secret(Secret::try_from_base32(secret).unwrap())
            .build_noncompliant();
        device
            .generate((office.clock.now().as_second() + 30 * steps).cast_unsigned())
            .to_string()
    };
    office.accounts.add("tom", Role::Editor, PASSWORD.to_owned()).await.unwrap();
    let attempt = |code: Option<String>| Attempt {
        name: "tom".to_owned(),
        password: PASSWORD.to_owned(),
        code,
        address: None,
        browsers: Vec::new(),
    };
    let tom = office.accounts.sign_in(attempt(None)).await.unwrap().identity;
    let device = office.accounts.begin_second_factor(attempt(None)).await.unwrap();
    assert!(matches!(
        office.elsewhere.begin_second_factor(attempt(None)).await,
        Ok(second) if second.secret != device.secret
    ));
    let secret = office.accounts.begin_second_factor(attempt(None)).await.unwrap().secret;
    // Of two that confirm at once, one does.
    let first = code(&secret, 0);
    let confirmed = tokio::join!(
        office.accounts.confirm_second_factor(tom.clone(), &first),
        office.elsewhere.confirm_second_factor(tom.clone(), &first)
    );
    let mut codes: Vec<String> = [confirmed.0, confirmed.1]
        .into_iter()
        .flatten()
        .flat_map(|(_, codes)| codes)
        .collect();
    assert_eq!(codes.len(), 10);
    let (kept, recovery) = (
        office.accounts.second_factor(&tom.actor.id).await.unwrap().unwrap(),
        codes.remove(0),
    );
    assert_eq!(kept.confirmed_at, Some(office.clock.now()));
    assert_eq!(office.elsewhere.recovery_codes(&tom.actor.id).await.unwrap(), 10);
    // So many at once as connections there are, and more.
    for (shown, again) in [(code(&secret, 1), code(&secret, 1)), (recovery.clone(), recovery)] {
        let nodes = [&office.accounts, &office.elsewhere];
        let attempts = (0..8).map(|number: usize| nodes[number % 2].sign_in(attempt(Some(shown.clone()))));
        let done = futures::future::join_all(attempts).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        let refused =
            |done: &Result<SignedIn, AccountError>| matches!(done, Ok(_) | Err(AccountError::WrongCode | AccountError::TooManyAttempts(_)));
        assert!(done.iter().all(refused), "{done:?}");
        assert!(office.elsewhere.sign_in(attempt(Some(again))).await.is_err());
    }
    let reset = office
        .elsewhere
        .reset_second_factor("tom", |_| Ok::<_, AccountError>(()))
        .await
        .unwrap();
    assert!(!reset.has_second_factor && office.accounts.sign_in(attempt(None)).await.is_ok());
}

/// What one node asks another judges; and of those who answer at once one has come.
async fn passkeys_hold_on_each_node(office: &Office) {
    let at = RelyingParty::at("https://notices.example").unwrap();
    let (said, nodes) = (Said::on("https://notices.example"), [&office.accounts, &office.elsewhere]);
    office.accounts.add("uta", Role::Editor, PASSWORD.to_owned()).await.unwrap();
    let attempt = || Attempt {
        name: "uta".to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        address: None,
        browsers: Vec::new(),
    };
    let before = office.accounts.sign_in(attempt()).await.unwrap();
    let uta = before.identity.clone();
    let options = office.accounts.begin_passkey(&at, attempt()).await.unwrap();
    let (key, answer) = Passkey::make(&options, &said);
    let adding = nodes.map(|node| node.add_passkey(&at, uta.clone(), "Telefon", answer.clone()));
    let added: Vec<_> = futures::future::join_all(adding).await.into_iter().flatten().collect();
    assert_eq!(added.len(), 1);
    assert_eq!((added[0].recovery_codes.len(), office.holder(&[&before]).await), (10, None));
    let listed = office.elsewhere.passkeys(&uta.actor.id).await.unwrap();
    assert_eq!(listed, [added[0].passkey.clone()]);
    assert!(matches!(office.accounts.sign_in(attempt()).await, Err(AccountError::PasskeyNeeded)));

    let options = office.accounts.begin_sign_in_by_passkey(&at, None).await.unwrap();
    let answer = key.sign(
        &options,
        &Said {
            counter: 1,
            ..said.clone()
        },
    );
    let attempts = (0..8).map(|number: usize| nodes[number % 2].sign_in_by_passkey(&at, answer.clone(), Vec::new()));
    let done = futures::future::join_all(attempts).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    // A counter that two have reached, each asked by itself: one of them is a copy.
    let mut answers = Vec::new();
    for node in nodes {
        let options = node.begin_sign_in_by_passkey(&at, None).await.unwrap();
        answers.push(key.sign(
            &options,
            &Said {
                counter: 2,
                ..said.clone()
            },
        ));
    }
    let attempts = nodes
        .into_iter()
        .zip(answers)
        .map(|(node, answer)| node.sign_in_by_passkey(&at, answer, Vec::new()));
    let done = futures::future::join_all(attempts).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    let wrong = |done: &Result<SignedIn, AccountError>| matches!(done, Ok(_) | Err(AccountError::WrongPasskey));
    assert!(done.iter().all(wrong), "{done:?}");
    let kept = office.elsewhere.passkeys(&uta.actor.id).await.unwrap().remove(0);
    assert_eq!(kept.used_at, Some(office.clock.now()));
    let reset = office
        .elsewhere
        .reset_second_factor("uta", |_| Ok::<_, AccountError>(()))
        .await
        .unwrap();
    assert!(!reset.has_second_factor && office.accounts.sign_in(attempt()).await.is_ok());
    assert_eq!(office.accounts.recovery_codes(&uta.actor.id).await.unwrap(), 0);
}

/// Who leaves from one node comes back to another; and of those who come back at once with the same one has come.
async fn whoever_went_comes_back_to_each_node(office: &Office) {
    let nodes = [&office.accounts, &office.elsewhere];
    let newcomer = |subject: &str, grants: Grants| Newcomer {
        issuer: "https://id.example".to_owned(),
        subject: subject.to_owned(),
        names: vec!["Ida Ülük".to_owned()],
        grants,
    };
    let leaving = office.accounts.leave(None).await.unwrap();
    let (state, browser) = (leaving.state.as_str(), leaving.browser.as_str());
    let known = office.elsewhere.departure(state, &["x", browser]).await.unwrap();
    assert_eq!(
        (known.nonce.as_str(), known.verifier.as_str()),
        (leaving.nonce.as_str(), leaving.verifier.as_str())
    );
    for (state, browsers) in [(state, &[][..]), (state, &["x"]), ("x", &[browser]), (browser, &[state])] {
        let found = office.elsewhere.departure(state, browsers).await;
        assert!(matches!(found, Err(Turned::Unexpected)), "{found:?}");
    }
    let coming = (0..8).map(|number: usize| nodes[number % 2].come_back(state, newcomer("1", Role::Editor.into())));
    let done = futures::future::join_all(coming).await;
    let came: Vec<_> = done.iter().flatten().collect();
    assert_eq!(came.len(), 1, "{done:?}");
    assert!(came[0].identity.is_from_outside && !came[0].identity.has_second_factor);
    assert_eq!(office.holder(&[came[0]]).await.as_deref(), Some("Ida Ülük"));
    assert!(matches!(
        office.elsewhere.departure(state, &[browser]).await,
        Err(Turned::Unexpected)
    ));

    // At once for the first time, from several browsers: one account.
    let mut leaving = Vec::new();
    for number in 0..4 {
        leaving.push(nodes[number % 2].leave(None).await.unwrap());
    }
    let coming = leaving
        .iter()
        .enumerate()
        .map(|(number, leaving)| nodes[number % 2].come_back(leaving.state.as_str(), newcomer("2", Role::Viewer.into())));
    let came = futures::future::join_all(coming).await;
    let ids: BTreeSet<String> = came.into_iter().map(|came| came.unwrap().identity.actor.id).collect();
    assert_eq!(ids.len(), 1);
    let people = office.elsewhere.people().await.unwrap();
    let second = people.iter().find(|person| ids.contains(&person.id)).unwrap();
    assert_eq!((second.name.as_str(), second.is_from_outside), ("Ida Ülük 2", true));

    // Whose groups give nothing any more holds nothing, and is out.
    let before = office
        .holder(&[&office_session(office, newcomer("2", Role::Viewer.into())).await])
        .await;
    assert_eq!(before.as_deref(), Some("Ida Ülük 2"));
    let session = office_session(office, newcomer("2", Role::Admin.into())).await;
    let leaving = office.elsewhere.leave(None).await.unwrap();
    let turned = office
        .accounts
        .come_back(leaving.state.as_str(), newcomer("2", Grants::default()))
        .await;
    assert!(matches!(turned, Err(Turned::NoRole)), "{turned:?}");
    assert_eq!(office.holder(&[&session]).await, None);
    // Ten minutes, and not one more.
    let leaving = office.elsewhere.leave(None).await.unwrap();
    pass(office, DEPARTURE_LASTS);
    let late = office.accounts.departure(leaving.state.as_str(), &[leaving.browser.as_str()]).await;
    assert!(matches!(late, Err(Turned::Unexpected)), "{late:?}");
}

/// Goes from one node and comes back to the other.
async fn office_session(office: &Office, newcomer: Newcomer) -> SignedIn {
    let leaving = office.accounts.leave(None).await.unwrap();
    let came = office.elsewhere.come_back(leaving.state.as_str(), newcomer).await;
    came.unwrap()
}

async fn the_oldest_come_first(office: &Office) {
    let names = ["anna", "bert", "cleo", "dora", "emil"];
    for (name, second) in names.into_iter().zip(["05", "05.001", "05.12", "05.125", "06"]) {
        office.clock.set(&format!("2027-03-03T08:00:{second}Z"));
        office.accounts.add(name, Role::Viewer, PASSWORD.to_owned()).await.unwrap();
        office.accounts.create_token(name, Role::Viewer, None).await.unwrap();
    }
    let people = office.elsewhere.people().await.unwrap();
    let last = &people[people.len() - names.len()..];
    assert_eq!(last.iter().map(|person| &person.name).collect::<Vec<_>>(), names.each_ref());
    let tokens = office.elsewhere.tokens().await.unwrap();
    let last = &tokens[tokens.len() - names.len()..];
    assert_eq!(last.iter().map(|token| &token.name).collect::<Vec<_>>(), names.each_ref());
    let told = office.accounts.names().await.unwrap();
    assert!(people.iter().all(|person| told[&person.id] == person.name));
}

fn pass(office: &Office, time: jiff::SignedDuration) {
    let then = store::clock::Clock::now(&office.clock) + time;
    office.clock.set(&then.to_string());
}

/// Whoever goes away in the midst of a change leaves nothing behind, neither a change nor a lock; on a server, where the library itself
/// leaves a transaction open.
#[tokio::test]
async fn a_change_that_is_given_up_leaves_nothing() {
    let server = Postgres::start().await;
    let database = server.database("given_up").await;
    let identities = database.place().open().await.unwrap().identities;
    for polls in 1..40 {
        let mut change = Box::pin(identities.change());
        for _ in 0..polls {
            if poll!(&mut change).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    // All that was open is over, and another may change something.
    let mut shell = database.connect().await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    let over = async {
        while sqlx::query_scalar::<_, i64>(open).fetch_one(&mut shell).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("a transaction stays open");
    identities.change().await.unwrap().commit().await.unwrap();
}

on_each_database!(keeps_the_contract);
