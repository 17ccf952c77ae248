//! The plain words about people, programs and one's own account; of the office alone.

use super::table::words;
use crate::tongue::pick;

words! {
    invite = "Jemanden einladen", "Invite somebody";
    invite_label = "Für wen", "For whom";
    invite_label_hint = "So steht es in dieser Liste. Ihren Namen wählt die Person selbst.", "As it stands in this list. The person chooses their own name.";
    invite_send = "Link erzeugen", "Make the link";
    invite_link = "Der Link", "The link";
    invite_link_hint = "Geben Sie ihn nur dieser Person. Er gilt einmal und eine Woche lang; hier ist er nur jetzt zu sehen.", "Give it to this person only. It works once and for a week, and is to be seen here only now.";
    invited = "Eingeladen", "Invited";
    invitation_withdraw = "Einladung zurückziehen", "Withdraw the invitation";
    invitation_withdrawn = "Die Einladung gilt nicht mehr.", "The invitation is no longer valid.";
    expired = "abgelaufen", "has run out";
    everywhere = "Auf allen Portalen", "On all portals";
    single_portals = "Auf einzelnen Portalen", "On single portals";
    no_role = "nichts", "nothing";
    grants_change = "Rechte ändern", "Change rights";
    grants_save = "Rechte speichern", "Save rights";
    grants_changed = "Die Rechte sind geändert.", "The rights are changed.";
    person_sign_out = "Überall abmelden", "Sign out everywhere";
    person_signed_out = "ist überall abgemeldet.", "is signed out everywhere.";
    person_disable = "Sperren", "Disable";
    person_disabled = "ist gesperrt.", "is disabled.";
    person_enable = "Entsperren", "Enable";
    person_enabled = "kann sich wieder anmelden.", "can sign in again.";
    disabled = "gesperrt", "disabled";
    never_here = "noch nie hier", "never here yet";
    programs = "Programme", "Programs";
    programs_hint = "Ein Programm weist sich mit einem Zugangsschlüssel aus, zum Beispiel in einer Pipeline.", "A program identifies itself by a token, for example in a pipeline.";
    token_create = "Zugangsschlüssel erzeugen", "Make a token";
    token_send = "Schlüssel erzeugen", "Make it";
    grants = "Rechte", "Rights";
    all_portals = "allen Portalen", "all portals";
    token_name = "Wofür", "What for";
    token_name_hint = "So steht es im Journal.", "As it stands in the journal.";
    token_expires = "Gilt bis", "Works until";
    token_expires_hint = "Leer heißt: bis ihn jemand widerruft.", "Empty means: until somebody revokes it.";
    token_secret = "Der Schlüssel", "The token";
    token_secret_hint = "Er ist nur jetzt zu sehen.", "It is to be seen only now.";
    token_revoke = "Widerrufen", "Revoke";
    token_revoked = "gilt nicht mehr.", "does not work any more.";
    copy = "Kopieren", "Copy";
    copied = "Kopiert.", "Copied.";
    account = "Mein Konto", "My account";
    password_change = "Passwort ändern", "Change the password";
    password_current = "Bisheriges Passwort", "Present password";
    password_new = "Neues Passwort", "New password";
    password_changed = "Das Passwort ist geändert. In anderen Browsern sind Sie abgemeldet.", "The password is changed. In other browsers you are signed out.";
    sign_out_everywhere = "Überall abmelden", "Sign out everywhere";
    sign_out_everywhere_hint = "In allen Browsern, auch in diesem. Zum Beispiel, wenn ein Gerät verloren ging.", "In all browsers, this one included. For example when a device was lost.";
}

/// Until when something works.
pub(crate) fn works_until(moment: &str) -> String {
    pick(format!("gilt bis {moment}"), format!("works until {moment}"))
}

/// When somebody was here last, to the hour.
pub(crate) fn last_here(moment: &str) -> String {
    pick(format!("zuletzt hier {moment}"), format!("last here {moment}"))
}

/// A role and where it is held.
pub(crate) fn role_on(role: &str, place: &str) -> String {
    pick(format!("{role} auf {place}"), format!("{role} on {place}"))
}
