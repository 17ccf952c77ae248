//! The accounts of people: adding, listing, disabling and enabling them, and a new password.

use domain::{access::Role, words::Actor};
use store::{
    identity::{NewPerson, Person},
    tables::Change,
};

use super::{AccountError, Accounts, Secret, hashing::For, names::Name, passwords};

impl Accounts {
    /// Adds a person.
    ///
    /// # Errors
    /// When the name may not be taken or looks like another one, or the password is easily guessed.
    pub async fn add(&self, name: &str, role: Role, password: String) -> Result<Actor, AccountError> {
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        let actor = self.insert(&mut change, &name, role, &hash).await?;
        change.commit().await?;
        Ok(actor)
    }

    /// Adds a person whose password is hashed already. With an administrator there is no more use for a set-up link.
    pub(super) async fn insert(&self, change: &mut Change, name: &Name, role: Role, hash: &str) -> Result<Actor, AccountError> {
        name.refuse_taken(change.names_of_people().await?)?;
        let id = format!("account-{}", &Secret::new()?.as_str()[..12]);
        let person = NewPerson {
            id: &id,
            name: name.as_str(),
            role,
            password_hash: hash,
            created_at: self.clock.now(),
        };
        change.add_person(person).await?;
        Ok(Actor { id, role })
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
        let mut person = self.person(who).await?;
        let now = self.clock.now();
        let mut change = self.identities.change().await?;
        if person.role == Role::Admin && !change.has_other_administrator(&person.id).await? {
            return Err(AccountError::LastAdministrator(person.name));
        }
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

    /// Gives a person a new password; all their sessions end.
    ///
    /// # Errors
    /// When there is nobody of this name, or the password is easily guessed.
    pub async fn set_password(&self, who: &str, password: String) -> Result<Person, AccountError> {
        let person = self.person(who).await?;
        passwords::check(&password, &person.name)?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        change.set_password(&person.id, &hash).await?;
        change.commit().await?;
        Ok(person)
    }

    /// The person of this id or of exactly this name, or else the only one whose name looks like it.
    pub(super) async fn person(&self, who: &str) -> Result<Person, AccountError> {
        let mut people = self.people().await?;
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
}
