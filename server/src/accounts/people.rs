//! The accounts of people: adding, listing, disabling and enabling them, and a new password.

use domain::access::{Actor, Grants, Role};
use store::{
    identity::{Holders, NewPerson, Person},
    tables::Change,
};

use super::{AccountError, Accounts, Secret, hashing::For, names::Name, passwords};

impl Accounts {
    /// Adds a person.
    ///
    /// # Errors
    /// When the name may not be taken or looks like another one, or the password is easily guessed.
    pub async fn add(&self, name: &str, grants: impl Into<Grants>, password: String) -> Result<Actor, AccountError> {
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        let actor = self.insert(&mut change, &name, grants.into(), &hash).await?;
        change.commit().await?;
        Ok(actor)
    }

    /// Adds a person whose password is hashed already. With an administrator there is no more use for a set-up link.
    pub(super) async fn insert(&self, change: &mut Change, name: &Name, grants: Grants, hash: &str) -> Result<Actor, AccountError> {
        name.refuse_taken(change.names_of_people().await?)?;
        let id = format!("account-{}", &Secret::new()?.as_str()[..12]);
        let person = NewPerson {
            id: &id,
            name: name.as_str(),
            grants: &grants,
            password_hash: hash,
            created_at: self.clock.now(),
        };
        change.add_person(person).await?;
        Ok(Actor::new(id, grants))
    }

    /// Everybody, the oldest account first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, AccountError> {
        Ok(self.identities.people().await?)
    }

    /// Keeps a person out from now on: no more signing in, and sessions and tokens of theirs end. `who` is a name or an id.
    ///
    /// # Errors
    /// When there is nobody of this name, or it is the last administrator.
    pub async fn disable(&self, who: &str) -> Result<Person, AccountError> {
        let mut change = self.identities.change().await?;
        let mut person = one_of(change.people().await?, who)?;
        let now = self.clock.now();
        leave_an_administrator(&mut change, &person).await?;
        change.disable(&person.id, now).await?;
        change.commit().await?;
        person.disabled_at.get_or_insert_with(|| now.to_string());
        Ok(person)
    }

    /// Lets a person sign in again. What has ended stays ended.
    ///
    /// # Errors
    /// When there is nobody of this name.
    pub async fn enable(&self, who: &str) -> Result<Person, AccountError> {
        let mut person = self.person(who).await?;
        self.identities.enable(&person.id).await?;
        person.disabled_at = None;
        Ok(person)
    }

    /// Gives a person what becomes of the grants that they have; what they do from then on is judged by it. `who` is a name or an id.
    ///
    /// # Errors
    /// When there is nobody of this name, `become_of` refuses, or it is the last administrator and would be none any more.
    pub async fn change_grants<E: From<AccountError>>(
        &self,
        who: &str,
        become_of: impl FnOnce(Grants) -> Result<Grants, E>,
    ) -> Result<Person, E> {
        let mut change = self.identities.change().await.map_err(AccountError::from)?;
        let mut person = one_of(change.people().await.map_err(AccountError::from)?, who)?;
        let grants = become_of(person.grants.clone())?;
        if grants.everywhere() != Some(Role::Admin) {
            leave_an_administrator(&mut change, &person).await?;
        }
        let set = change.set_grants(Holders::People, &person.id, &grants).await;
        set.map_err(AccountError::from)?;
        change.commit().await.map_err(AccountError::from)?;
        person.role = grants.highest();
        person.grants = grants;
        Ok(person)
    }

    /// Gives a person a new password; all their sessions end.
    ///
    /// # Errors
    /// When there is nobody of this name, they sign in at a provider, or the password is easily guessed.
    pub async fn set_password(&self, who: &str, password: String) -> Result<Person, AccountError> {
        let person = self.person(who).await?;
        passwords::check(&password, &person.name)?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        if change.is_from_outside(&person.id).await? {
            return Err(AccountError::FromOutside(person.name));
        }
        change.set_password(&person.id, &hash).await?;
        change.commit().await?;
        Ok(person)
    }

    /// The person of this id or of exactly this name, or else the only one whose name looks like it.
    ///
    /// # Errors
    /// When there is nobody of this name.
    pub async fn person(&self, who: &str) -> Result<Person, AccountError> {
        one_of(self.people().await?, who)
    }
}

/// The person of this id or of exactly this name, or else the only one whose name looks like it.
pub(super) fn one_of(mut people: Vec<Person>, who: &str) -> Result<Person, AccountError> {
    let exact = people.iter().position(|person| person.id == who || person.name == who);
    let similar = || {
        let name = Name::parse(who).ok()?;
        let mut found = people.iter().enumerate().filter(|(_, person)| name.looks_like(&person.name));
        let (place, _) = found.next()?;
        found.next().is_none().then_some(place)
    };
    let place = exact
        .or_else(similar)
        .ok_or_else(|| AccountError::NoPerson(who.chars().take(100).collect()))?;
    Ok(people.swap_remove(place))
}

/// Refuses where nobody but this person could administrate.
async fn leave_an_administrator(change: &mut Change, person: &Person) -> Result<(), AccountError> {
    let is_administrator = person.grants.everywhere() == Some(Role::Admin);
    if is_administrator && !change.has_other_administrator(&person.id).await? {
        return Err(AccountError::LastAdministrator(person.name.clone()));
    }
    Ok(())
}
