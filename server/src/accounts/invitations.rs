//! Invitations: somebody gets a link that works once, and makes an account of their own with it.

use domain::access::{Actor, Grants, TOKEN};
use jiff::{SignedDuration, Timestamp};
use store::identity::{Invitation, Token};

use super::{AccountError, Accounts, Identity, Secret, fingerprint, hashing::For, names::Name, passwords, sessions::SignedIn};

/// For how long the link works.
const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For how long one that has run out is still told.
const TOLD: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Accounts {
    /// Invites somebody to have an account with these grants; the secret is told only now. That `by` may give them is the caller's to know.
    ///
    /// # Errors
    /// When the label shows nothing or is too long.
    pub async fn invite(&self, by: &Actor, label: &str, grants: Grants) -> Result<(Invitation, Secret), AccountError> {
        let label = Name::parse(label)?;
        let now = self.clock.now();
        let secret = Secret::new()?;
        let invitation = Invitation {
            id: format!("invitation-{}", &Secret::new()?.as_str()[..12]),
            label: label.as_str().to_owned(),
            grants,
            created_at: now,
            created_by: by.id.clone(),
            expires_at: now.saturating_add(INVITATION_LASTS).unwrap_or(Timestamp::MAX),
        };
        let mut change = self.identities.change().await?;
        let forget = now.checked_sub(TOLD).unwrap_or(Timestamp::MIN);
        change.add_invitation(&invitation, &fingerprint(secret.as_str()), forget).await?;
        change.commit().await?;
        Ok((invitation, secret))
    }

    /// All invitations, the oldest first, those included that have run out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, AccountError> {
        let (mut all, now) = (self.identities.invitations().await?, self.clock.now());
        all.retain(|one| now.duration_since(one.expires_at) < TOLD);
        Ok(all)
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_invitation(&self, id: &str) -> Result<(), AccountError> {
        Ok(self.identities.withdraw_invitation(id).await?)
    }

    /// Makes the account of somebody who was invited, and signs them in. What whoever invited may give is looked at now: somebody who may
    /// do so no longer has invited nobody.
    ///
    /// # Errors
    /// [`AccountError::WrongInvitation`], when the link was used, withdrawn or has run out; or name or password may not be taken, and the
    /// link then works on.
    pub async fn accept(&self, link: &str, name: &str, password: String) -> Result<SignedIn, AccountError> {
        // Before anything else, so that strangers cost nothing.
        let found = self.identities.invitation_by(&fingerprint(link), self.clock.now()).await?;
        let invitation = found.ok_or(AccountError::WrongInvitation)?;
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        let may_still = if invitation.created_by.starts_with(TOKEN) {
            let tokens = change.tokens().await?;
            let token = tokens.iter().find(|token| token.id == invitation.created_by);
            let now = self.clock.now();
            let works = |token: &&Token| token.revoked_at.is_none() && token.expires_at.is_none_or(|at| at > now);
            token.filter(works).is_some_and(|token| token.grants.may_manage(&invitation.grants))
        } else {
            let people = change.people().await?;
            let person = people.iter().find(|person| person.id == invitation.created_by);
            person.is_some_and(|person| person.disabled_at.is_none() && person.grants.may_manage(&invitation.grants))
        };
        // The link is taken by whoever comes first; should anything fail from here on, it is as if nobody had come.
        if !change.take_invitation(&invitation.id).await? || !may_still {
            return Err(AccountError::WrongInvitation);
        }
        let actor = self.insert(&mut change, &name, invitation.grants, &hash).await?;
        let identity = Identity {
            name: name.as_str().to_owned(),
            actor,
            has_second_factor: false,
            is_from_outside: false,
        };
        let signed_in = self.begin_session(&mut change, identity, None).await?;
        change.commit().await?;
        Ok(signed_in)
    }
}
